import { useTranslation } from 'react-i18next'
import { share } from './day-stacks'
import { ListLink } from './list-link'
import type { FollowUpHealth } from './types'
import css from './metrics.module.css'

/** The mix of actions: how often each was chosen, the most frequent first. */
export function ActionBars({ list, figures }: { list: string; figures: FollowUpHealth['by_action'] }) {
  const { t } = useTranslation('metrics')
  const all = figures.reduce((sum, { count }) => sum + count, 0)
  const max = Math.max(1, ...figures.map(({ count }) => count))
  if (all === 0) return <p className={css.muted}>{t('followUp.none')}</p>
  return (
    <ul className={css.people}>
      {figures.map(({ action, label, count, filter }) => (
        <li key={action}>
          <ListLink object={list} filter={filter}>
            <span className={css.person}>{label || t('followUp.noAction')}</span>
            <span className={css.track} aria-hidden="true">
              <span style={{ inlineSize: `${(count / max) * 100}%` }} />
            </span>
            <span className={css.count}>{t('followUp.share', { count, percent: share(count, all) })}</span>
          </ListLink>
        </li>
      ))}
    </ul>
  )
}
