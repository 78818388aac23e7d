import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useEffects } from './queries'
import type { Effect } from './types'
import css from './drawers.module.css'

/** The records that a draft touches, counted before it is published; what cannot be counted does not keep anybody from publishing. */
export function Effects({ draft }: { draft: string }) {
  const { t } = useTranslation('setup')
  const effects = useEffects(draft)
  if (effects.error) return <p className={css.muted}>{t('effectsFailed', { reason: effects.error.message })}</p>
  if (!effects.data) return <output className={css.muted}>{t('effectsCounting')}</output>
  if (effects.data.length === 0) return null
  return (
    <section aria-label={t('effects')}>
      <h2>{t('effects')}</h2>
      <ul className={css.words}>
        {effects.data.map((one) => (
          <li key={one.text}>
            {one.text} <Records effect={one} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The way to the records: as a list, or one by one where no filter gives them. */
function Records({ effect: { count, object, filter, sample = [] } }: { effect: Effect }) {
  const { t } = useTranslation('setup')
  if (count === 0 || !object) return null
  if (filter) {
    return (
      <Link to="/o/$object" params={{ object }} search={{ filter }} target="_blank">
        {t('effectList')}
      </Link>
    )
  }
  return (
    <span className={css.samples}>
      {sample.map(({ id, label }) => (
        <Link key={id} to="/o/$object/$id" params={{ object, id }} target="_blank">
          {label || id}
        </Link>
      ))}
    </span>
  )
}
