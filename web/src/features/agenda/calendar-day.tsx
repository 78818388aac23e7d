import { Link } from '@tanstack/react-router'
import { CalendarClock } from 'lucide-react'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '@/ui/icon-button'
import { addDays } from './days'
import type { AgendaItem, DayKind } from './queries'
import { take, useDrop } from './use-drop'
import css from './agenda.module.css'

interface Props {
  day: string
  kind?: DayKind
  items: AgendaItem[]
  today: boolean
  /** A day of the month before or after. */
  faint: boolean
  /** How many things there is room for. */
  most: number
  zone: string
  onDrop: (item: AgendaItem, day: string) => void
  onOpen: () => void
  onMove: (item: AgendaItem) => void
}

const arrows: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** One day with what is to be done on it; things are dropped here. */
export function CalendarDay({ day, kind, items, today, faint, most, zone, onDrop, onOpen, onMove }: Props) {
  const { t, i18n } = useTranslation('agenda')
  const place = useRef<HTMLElement>(null)
  const over = useDrop(place, (item) => onDrop(item, day))
  const shown = items.slice(0, most)
  const name = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'short' }).format(new Date(`${day}T00:00:00Z`))
  return (
    <section
      ref={place}
      className={css.day}
      aria-label={name}
      data-day={day}
      data-kind={kind}
      data-today={today || undefined}
      data-faint={faint || undefined}
      data-over={over || undefined}
      data-empty={items.length === 0 || undefined}
    >
      <h2 className={css.date}>
        <button type="button" onClick={onOpen} aria-current={today ? 'date' : undefined}>
          <span className={css.number}>{Number(day.slice(8))}</span>
          <span className={css.dayName}>{name}</span>
        </button>
        {(kind === 'holiday' || kind === 'make_up') && <span className={css.badge}>{t(`kinds.${kind}`)}</span>}
      </h2>
      <ul>
        {shown.map((item) => (
          <CalendarItem key={`${item.object}/${item.id}`} item={item} zone={zone} onShift={(days) => onDrop(item, addDays(day, days))} onMove={() => onMove(item)} />
        ))}
      </ul>
      {items.length > shown.length && (
        <button type="button" className={css.moreOf} onClick={onOpen}>
          {t('moreOf', { count: items.length - shown.length })}
        </button>
      )}
    </section>
  )
}

interface ItemProps {
  item: AgendaItem
  zone: string
  onShift: (days: number) => void
  onMove: () => void
}

function CalendarItem({ item, zone, onShift, onMove }: ItemProps) {
  const { t, i18n } = useTranslation('agenda')
  const time = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(item.due_at))
  const label = item.label || t('untitled')
  const press = (event: KeyboardEvent) => {
    const days = arrows[event.key]
    if (!event.altKey || !days || !item.can_move) return
    event.preventDefault()
    onShift(days)
  }
  return (
    <li className={css.item} data-kind={item.kind} data-overdue={item.overdue || undefined}>
      <Link
        to="/o/$object/$id"
        params={{ object: item.object, id: item.id }}
        draggable={item.can_move}
        title={[time, label, item.action, item.owner?.label].filter(Boolean).join(' · ')}
        onDragStart={(event) => take(event.dataTransfer, item)}
        onKeyDown={press}
      >
        <time dateTime={item.due_at}>{time}</time>
        <span>{label}</span>
        <small>{[item.action, item.owner?.label].filter(Boolean).join(' · ')}</small>
      </Link>
      {item.can_move && (
        <IconButton label={t('moveOf', { label })} className={css.itemMove} size={44} onClick={onMove}>
          <CalendarClock size={17} />
        </IconButton>
      )}
    </li>
  )
}
