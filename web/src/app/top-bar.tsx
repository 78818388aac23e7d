import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Bell, CircleQuestionMark, Ellipsis, Languages, LogOut, Moon, Sun, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnread } from '@/api/inbox'
import { useLogOut, type Session } from '@/api/session'
import { useChooseLanguage } from '@/i18n/account'
import { languages } from '@/i18n/setup'
import { IconButton } from '@/ui/icon-button'
import { Menu } from '@/ui/menu'
import { notifyError } from '@/ui/notify'
import { useScheme } from '@/ui/scheme'
import { RunningOperations } from './operations-dock'
import { helpFor } from './help'
import type { Place } from './places'
import { TimeMachine } from './time-machine'
import css from './shell.module.css'

interface Props {
  session: Session
  /** What a phone's tabs have no room for. */
  more: Place[]
  /** The search box. */
  children: ReactNode
}

/** The line at the head of every page. */
export function TopBar({ session, more, children }: Props) {
  return (
    <header className={css.top}>
      <Link to="/home" className={css.company}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span>{session.company.name}</span>
      </Link>
      {session.company.demo && <TimeMachine />}
      <div className={css.tools}>
        {children}
        <RunningOperations />
        <LanguageMenu />
        <SchemeSwitch />
        <InboxBell />
        <Help />
        <MoreMenu places={more} />
        <UserMenu session={session} />
      </div>
    </header>
  )
}

function LanguageMenu() {
  const { t, i18n } = useTranslation('app')
  const choose = useChooseLanguage()
  return (
    <Menu
      className={css.desk}
      entries={languages.map((language) => ({ label: t(`languages.${language}`), lang: language, current: language === i18n.language, onSelect: () => choose(language) }))}
      trigger={(props) => (
        <IconButton label={t('language')} {...props}>
          <Languages size={18} />
        </IconButton>
      )}
    />
  )
}

function SchemeSwitch() {
  const { t } = useTranslation('app')
  const { dark, toggle } = useScheme()
  return (
    <IconButton label={t(dark ? 'toLight' : 'toDark')} className={css.desk} onClick={toggle}>
      {dark ? <Sun size={18} /> : <Moon size={18} />}
    </IconButton>
  )
}

function InboxBell() {
  const { t } = useTranslation('app')
  const unread = useUnread()
  return (
    <Link to="/inbox" className={`${css.bell} ${css.desk}`} aria-label={unread > 0 ? t('inboxUnread', { count: unread }) : t('inbox')}>
      <Bell size={18} aria-hidden />
      {unread > 0 && <span className={css.dot}>{unread > 99 ? '99+' : unread}</span>}
    </Link>
  )
}

/** The guide's page about this screen, beside it. */
function Help() {
  const { t, i18n } = useTranslation('app')
  const { pathname } = useLocation()
  return (
    <a href={helpFor(pathname, i18n.language)} target="_blank" rel="noopener" className={`${css.bell} ${css.desk}`} aria-label={t('help')} title={t('help')}>
      <CircleQuestionMark size={18} aria-hidden />
    </a>
  )
}

function MoreMenu({ places }: { places: Place[] }) {
  const { t } = useTranslation('app')
  return (
    <Menu
      className={css.phone}
      entries={places.map(({ to, icon, text, label }) => ({ to, icon, label: text ? t(text) : (label ?? to) }))}
      trigger={(props) => (
        <IconButton label={t('more')} size={44} {...props}>
          <Ellipsis size={20} />
        </IconButton>
      )}
    />
  )
}

function UserMenu({ session: { user } }: { session: Session }) {
  const { t } = useTranslation('app')
  const logOut = useLogOut()
  const navigate = useNavigate()
  const leave = () => void logOut.mutateAsync().then(() => navigate({ to: '/login' }), notifyError)
  return (
    <Menu
      className={css.desk}
      note={user.roles.map(({ label }) => label).join(' · ') || user.email}
      entries={[
        { to: '/me', icon: UserRound, label: t('me') },
        { icon: LogOut, label: t('logOut'), onSelect: leave },
      ]}
      trigger={(props) => (
        <button type="button" className={css.user} {...props}>
          <span className="visually-hidden">{t('account')}</span>
          <span className={css.avatar} data-initial={user.name.slice(0, 1)} aria-hidden />
          <span>{user.name}</span>
        </button>
      )}
    />
  )
}
