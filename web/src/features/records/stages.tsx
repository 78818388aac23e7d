import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { useBusinessNow } from '@/api/session'
import { useStages } from './queries'
import { planStages } from './stages-plan'
import type { FlatRecord } from './types'
import css from './stages.module.css'

/** The way through the stages: where the record stands, since when, and what it took so far. */
export function Stages({ object: name, record }: { object: string; record: FlatRecord }) {
  const { t } = useTranslation('records')
  const object = useObject(name)
  const now = useBusinessNow().getTime()
  const visits = useStages(name, record.id)
  const field = object?.fields.find((one) => one.name === object.stage_field)
  if (!field?.choices) return null
  return (
    <ol className={css.stages} aria-label={field.label}>
      {planStages(field.choices, String(record[field.name] ?? ''), visits, now).map(({ name: stage, label, state, days, closes }) => (
        <li key={stage} className={css.stage} data-state={state} data-closes={closes || undefined} aria-current={state === 'present' ? 'step' : undefined}>
          <span className={css.label}>{label}</span>
          {days !== undefined && <span className={css.days}>{t(state === 'present' ? 'stage.here' : 'stage.took', { count: days })}</span>}
        </li>
      ))}
    </ol>
  )
}
