import { Link, useLocation } from '@tanstack/react-router'
import { Pin } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { usePins } from '@/api/search'
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
      <Pinned />
    </nav>
  )
}

/** The records that the reader keeps at hand. */
function Pinned() {
  const { t } = useTranslation('app')
  const pins = usePins()
  if (!pins?.length) return null
  return (
    <>
      <h2 className={css.sideHeading}>{t('pinned')}</h2>
      <ul>
        {pins.map(({ object, id, label }) => (
          <li key={id}>
            <Link to="/o/$object/$id" params={{ object, id }} className={css.place} activeProps={{ className: css.here }} title={label}>
              <Pin size={15} strokeWidth={1.8} aria-hidden />
              <span className={css.pinned}>{label || t('untitled')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
