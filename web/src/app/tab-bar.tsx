import { Link } from '@tanstack/react-router'
import { CirclePlus, Handshake, House, Inbox, UserRound, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useUnread } from '@/api/inbox'
import css from './shell.module.css'

interface Tab {
  to: string
  icon: LucideIcon
  text: string
  /** Whether places below it belong to it. */
  exact?: boolean
}

const before: Tab[] = [
  { to: '/home', icon: House, text: 'tabHome' },
  { to: '/leads', icon: Handshake, text: 'tabLeads', exact: true },
]
const create: Tab = { to: '/leads/new', icon: CirclePlus, text: 'tabNew' }
const after: Tab[] = [
  { to: '/inbox', icon: Inbox, text: 'tabInbox' },
  { to: '/me', icon: UserRound, text: 'tabMe' },
]

/** The menu at the foot of a phone's screen. */
export function TabBar({ mayCreate }: { mayCreate: boolean }) {
  const { t } = useTranslation('app')
  const unread = useUnread()
  const tabs = [...before, ...(mayCreate ? [create] : []), ...after]
  return (
    <nav className={css.tabs} aria-label={t('menu')}>
      {tabs.map(({ to, icon: Icon, text, exact = false }) => (
        <Link key={to} to={to} className={css.tab} activeProps={{ className: css.tabHere }} activeOptions={{ exact, includeSearch: false }}>
          <Icon size={22} strokeWidth={1.8} aria-hidden />
          <span>{t(text)}</span>
          {to === '/inbox' && unread > 0 && <span className={css.dot}>{unread > 99 ? '99+' : unread}</span>}
        </Link>
      ))}
    </nav>
  )
}
