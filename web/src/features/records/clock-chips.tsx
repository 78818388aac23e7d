import { AlarmClock, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { remaining, urgency } from './clock-text'
import type { Clock } from './types'
import css from './record.module.css'

/** The clocks that run on a record, each with the time it has left. */
export function ClockChips({ clocks, now, zone }: { clocks: Clock[]; now: Date; zone: string }) {
  const { t, i18n } = useTranslation('records')
  const running = clocks.filter(({ state }) => state === 'running' || state === 'fired')
  if (running.length === 0) return null
  const full = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
  const timeText = ({ due_at: due }: Clock) => {
    if (!due) return t('late.now')
    const { late, unit, count } = remaining(due, now)
    return t(`${late ? 'late' : 'left'}.${unit}`, { count })
  }
  return (
    <ul className={css.clocks} aria-label={t('clocks')}>
      {running.map((clock) => {
        const loud = clock.late || !clock.due_at ? 'late' : urgency(clock.due_at, now)
        const Icon = loud === 'late' ? TriangleAlert : AlarmClock
        return (
          <li key={clock.id} className={css.clock} data-urgency={loud} title={clock.due_at && full.format(new Date(clock.due_at))}>
            <Icon size={14} aria-hidden="true" />
            <span>{clock.label}</span>
            <strong>{timeText(clock)}</strong>
          </li>
        )
      })}
    </ul>
  )
}
