import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import css from './dash-tabs.module.css'

const boards = [
  { to: '/dash/lead-health', text: 'title' },
  { to: '/dash/follow-up', text: 'followUp.title' },
  { to: '/dash/lead-to-cash', text: 'cycle.title' },
]

/** The way from one board to the next. */
export function DashTabs() {
  const { t } = useTranslation('metrics')
  return (
    <nav className={css.tabs} aria-label={t('boards')}>
      {boards.map(({ to, text }) => (
        <Link key={to} to={to} className={css.tab} activeProps={{ 'aria-current': 'page' }}>
          {t(text)}
        </Link>
      ))}
    </nav>
  )
}
