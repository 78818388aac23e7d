import { Link, useNavigate } from '@tanstack/react-router'
import { Bell, Ellipsis, Languages, LogOut, Moon, Sun, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useUnread } from '@/api/inbox'
import { useChangeSession, useLogOut, type Session } from '@/api/session'
import { languages, speak } from '@/i18n/setup'
import { IconButton } from '@/ui/icon-button'
import { Menu } from '@/ui/menu'
import { useScheme } from '@/ui/scheme'
import type { Place } from './places'
import { TimeMachine } from './time-machine'
import css from './shell.module.css'

/** The line at the head of every page; `more` is what a phone's tabs have no room for. */
export function TopBar({ session, more }: { session: Session; more: Place[] }) {
  return (
    <header className={css.top}>
      <Link to="/home" className={css.company}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span>{session.company.name}</span>
      </Link>
      {session.company.demo && <TimeMachine />}
      <div className={css.tools}>
        <LanguageMenu />
        <SchemeSwitch />
        <InboxBell />
        <MoreMenu places={more} />
        <UserMenu session={session} />
      </div>
    </header>
  )
}

function LanguageMenu() {
  const { t, i18n } = useTranslation('app')
  const change = useChangeSession()
  const choose = async (language: (typeof languages)[number]) => {
    await speak(language)
    change.mutate({ language })
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={t('language')} className={css.desk}>
          <Languages size={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item key={language} lang={language} aria-current={language === i18n.language || undefined} onClick={() => void choose(language)}>
            {t(`languages.${language}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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

function MoreMenu({ places }: { places: Place[] }) {
  const { t } = useTranslation('app')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={t('more')} className={css.phone} size={44}>
          <Ellipsis size={20} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ to, icon: Icon, text, label }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={16} />}>
            {text ? t(text) : label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function UserMenu({ session: { user } }: { session: Session }) {
  const { t } = useTranslation('app')
  const logOut = useLogOut()
  const navigate = useNavigate()
  const leave = async () => {
    await logOut.mutateAsync()
    await navigate({ to: '/login' })
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={`${css.user} ${css.desk}`} aria-label={t('account', { name: user.name })}>
          <span className={css.avatar} aria-hidden>
            {user.name.slice(0, 1)}
          </span>
          <span aria-hidden>{user.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.roles.map(({ label }) => label).join(' · ') || user.email}</Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<UserRound size={16} />}>
          {t('me')}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => void leave()}>
          {t('logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
