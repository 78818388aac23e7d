import {
  AlarmClock,
  AlarmClockCheck,
  AlarmClockOff,
  ArrowRightLeft,
  BellRing,
  CircleDot,
  Hand,
  Handshake,
  Inbox,
  MessageSquare,
  MessageSquareText,
  PencilLine,
  Repeat2,
  Route,
  Scale,
  Search,
  Trash2,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import css from './thread.module.css'

const icons: Record<string, LucideIcon> = {
  received: Inbox,
  created: Inbox,
  matched: Search,
  touched: Repeat2,
  understood: Search,
  scored: Scale,
  routed: Route,
  claimed: Hand,
  changed: PencilLine,
  deleted: Trash2,
  clock_started: AlarmClock,
  clock_satisfied: AlarmClockCheck,
  clock_cancelled: AlarmClockOff,
  clock_fired: BellRing,
  message: MessageSquare,
  comment: MessageSquareText,
  comment_edited: PencilLine,
  comment_deleted: Trash2,
  follow_up: Handshake,
  converted: ArrowRightLeft,
  unconverted: Undo2,
}

/** The sign of a kind of entry; a kind not known yet gets a plain one. */
export function KindIcon({ kind }: { kind: string }) {
  const Icon = icons[kind] ?? CircleDot
  return (
    <span className={css.icon} data-kind={kind} aria-hidden="true">
      <Icon size={16} />
    </span>
  )
}
