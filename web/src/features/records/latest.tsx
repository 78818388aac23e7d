import { useTranslation } from 'react-i18next'
import { remaining } from './clock-text'
import { KindIcon } from './kind-icon'
import type { Entry } from './thread-days'
import css from './thread.module.css'

/** The latest thing that happened, before anything else. */
export function Latest({ entry, now }: { entry: Entry; now: Date }) {
  const { t } = useTranslation('records')
  const { unit, count } = remaining(entry.at, now)
  return (
    <section className={css.latest} aria-label={t('latest')}>
      <KindIcon kind={entry.kind} />
      <div>
        <p className={css.sentence}>{entry.text}</p>
        <p className={css.meta}>
          {t('latest')} · {t(`ago.${unit}`, { count })}
        </p>
      </div>
    </section>
  )
}
