import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { instantText, inputText } from '@/format/civil-time'
import { DateTimeInput } from '@/ui/date-time-input'
import { quickPicks } from './due'
import css from './follow-up.module.css'

interface Props {
  due: string
  now: Date
  zone: string
  /** How many weekdays the third pick looks ahead. */
  days: number
  fault: boolean
  onChange: (due: string) => void
}

/** The latest time of the next step: three picks of one tap each, or any other time. */
export function DuePicker({ due, now, zone, days, fault, onChange }: Props) {
  const { t, i18n } = useTranslation('followup')
  const id = useId()
  const day = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, month: 'numeric', day: 'numeric', weekday: 'short' })
  const clock = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return (
    <fieldset className={css.part} data-fault={fault || undefined} aria-describedby={fault ? 'follow-up-faults' : undefined}>
      <legend className={css.label}>{t('due')}</legend>
      <div className={css.picks}>
        {quickPicks(now, zone, days).map((pick) => (
          <button key={pick.name} type="button" className={css.pick} aria-pressed={pick.due === due} onClick={() => onChange(pick.due)}>
            {t(`pick.${pick.name}`, { count: pick.days, time: clock.format(new Date(pick.due)) })}
            <small>{day.format(new Date(pick.due))}</small>
          </button>
        ))}
        <label className={css.other} htmlFor={id}>
          <span>{t('otherTime')}</span>
          <DateTimeInput id={id} label={t('otherTime')} value={inputText(due, zone)} min={inputText(now.toISOString(), zone)} aria-invalid={fault} onChange={(civil) => onChange(instantText(civil, zone))} />
        </label>
      </div>
    </fieldset>
  )
}
