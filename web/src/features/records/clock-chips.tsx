import { AlarmClock, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { remaining, urgency } from './clock-text'
import type { Clock } from './types'
import css from './record.module.css'

/** The clocks that run on a record, each with the time it has left. */
export function ClockChips({ clocks, now, zone }: { clocks: Clock[]; now: Date; zone: string }) {
  const { t, i18n } = useTranslation('records')
  const running = clocks.filter(({ state }) => state === 'running')
  if (running.length === 0) return null
  const full = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' })
  return (
    <ul className={css.clocks} aria-label={t('clocks')}>
      {running.map((clock) => {
        const { late, unit, count } = remaining(clock.due_at, now)
        const loud = urgency(clock.due_at, now)
        const Icon = loud === 'late' ? TriangleAlert : AlarmClock
        return (
          <li key={clock.id} className={css.clock} data-urgency={loud} title={full.format(new Date(clock.due_at))}>
            <Icon size={14} aria-hidden="true" />
            <span>{clock.label}</span>
            <strong>{t(`${late ? 'late' : 'left'}.${unit}`, { count })}</strong>
          </li>
        )
      })}
    </ul>
  )
}
