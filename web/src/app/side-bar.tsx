import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Place } from './places'
import css from './shell.module.css'

/** The menu at the side of a desk's screen. */
export function SideBar({ groups }: { groups: Place[][] }) {
  const { t } = useTranslation('app')
  const { pathname } = useLocation()
  return (
    <nav className={css.side} aria-label={t('menu')}>
      {groups.map((places) => (
        <ul key={places[0].to}>
          {places.map(({ to, under, icon: Icon, text, label }) => (
            <li key={to}>
              <Link to={to} className={`${css.place} ${under && pathname.startsWith(under) ? css.here : ''}`} activeProps={{ className: css.here }} activeOptions={{ includeSearch: false }}>
                <Icon size={17} strokeWidth={1.8} aria-hidden />
                {text ? t(text) : label}
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  )
}
