import { Link } from '@tanstack/react-router'
import { CalendarClock, Check, MessageSquarePlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '@/ui/icon-button'
import type { AgendaItem } from './queries'
import css from './agenda.module.css'

interface Props {
  item: AgendaItem
  when: string
  showOwner: boolean
  onComplete: () => void
  onMove: () => void
}

/** One thing to do: done by one tap at its head, moved by one at its end. */
export function ItemRow({ item, when, showOwner, onComplete, onMove }: Props) {
  const { t } = useTranslation('agenda')
  const follow = item.kind === 'follow_up'
  const Icon = follow ? MessageSquarePlus : Check
  const label = item.label || t('untitled')
  return (
    <li className={css.row} data-overdue={item.overdue || undefined}>
      <IconButton label={t(follow ? 'followUp' : 'complete', { label })} className={css.complete} size={44} disabled={!follow && !item.done_field} onClick={onComplete}>
        <Icon size={18} />
      </IconButton>
      <Link to="/o/$object/$id" params={{ object: item.object, id: item.id }} className={css.what}>
        <strong>{label}</strong>
        <span className={css.muted}>{[item.action, showOwner ? item.owner?.label : ''].filter(Boolean).join(' · ')}</span>
      </Link>
      <time dateTime={item.due_at} className={css.when}>
        {when}
      </time>
      {item.can_move && (
        <IconButton label={t('moveOf', { label })} size={44} onClick={onMove}>
          <CalendarClock size={18} />
        </IconButton>
      )}
    </li>
  )
}
