import { useTranslation } from 'react-i18next'
import { ListLink } from './list-link'
import type { PersonFigure } from './types'
import css from './metrics.module.css'

/** Overdue leads by person, the longest first; a bar is a link to that person's list. */
export function PersonBars({ figures }: { figures: PersonFigure[] }) {
  const { t } = useTranslation('metrics')
  const late = figures.filter(({ overdue }) => overdue > 0).sort((a, b) => b.overdue - a.overdue)
  const max = Math.max(1, ...late.map(({ overdue }) => overdue))
  if (late.length === 0) return <p className={css.muted}>{t('nobodyOverdue')}</p>
  return (
    <ul className={css.people}>
      {late.map(({ user, overdue, open, filter }) => (
        <li key={user.id}>
          <ListLink filter={filter}>
            <span className={css.person}>{user.label ?? user.id}</span>
            <span className={css.track} data-late aria-hidden="true">
              <span style={{ inlineSize: `${(overdue / max) * 100}%` }} />
            </span>
            <span className={css.count}>{t('overdueOfOpen', { overdue, open })}</span>
          </ListLink>
        </li>
      ))}
    </ul>
  )
}
