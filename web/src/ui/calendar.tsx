import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { addDays, addMonths, monthDays } from '@/format/date-text'
import { IconButton } from './icon-button'
import css from './calendar.module.css'

interface Props {
  /** The day that has the focus at first. */
  value: string
  min?: string
  max?: string
  onChoose: (day: string) => void
}

const within = (day: string, min: string, max: string) => (day < min ? min : day > max ? max : day)

const steps: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
}

const utc = (day: string) => new Date(`${day}T00:00:00Z`)

/** One month, Monday first; the arrow keys move by day and week, the page keys by month. */
export function Calendar({ value, min = '', max = '9999', onChoose }: Props) {
  const { t, i18n } = useTranslation('app')
  const [active, setActive] = useState(value)
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => {
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [active])
  const month = active.slice(0, 7)
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', ...options })
  const title = format({ year: 'numeric', month: 'long' }).format(utc(active))
  const weekday = format({ weekday: 'narrow' })
  const whole = format({ dateStyle: 'full' })
  const days = monthDays(month)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    setActive(within(step(active), min, max))
  }
  return (
    <div className={css.calendar}>
      <div className={css.head}>
        <IconButton label={t('monthBefore')} onClick={() => setActive(addMonths(active, -1))}>
          <ChevronLeft size={16} aria-hidden="true" />
        </IconButton>
        <strong aria-live="polite">{title}</strong>
        <IconButton label={t('monthAfter')} onClick={() => setActive(addMonths(active, 1))}>
          <ChevronRight size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <div ref={grid} role="group" aria-label={title} className={css.days}>
        {days.slice(0, 7).map((day) => (
          <span key={day} aria-hidden="true" className={css.weekday}>
            {weekday.format(utc(day))}
          </span>
        ))}
        {days.map((day) => (
          <button
            key={day}
            type="button"
            tabIndex={day === active ? 0 : -1}
            aria-label={whole.format(utc(day))}
            aria-current={day === value ? 'date' : undefined}
            data-other={day.slice(0, 7) !== month || undefined}
            disabled={day < min || day > max}
            onKeyDown={onKeyDown}
            onClick={() => onChoose(day)}
          >
            {Number(day.slice(8))}
          </button>
        ))}
      </div>
    </div>
  )
}
