import { Link } from '@tanstack/react-router'
import { UserRound } from 'lucide-react'
import { memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import type { FlatRecord } from '@/fields/field-list'
import type { CardPlan } from './list-plan'
import type { RowPlan } from './record-row'
import { useMoreNear, useSteadyRows, useWindow } from './use-window'
import css from './record-cards.module.css'

interface Props {
  label: string
  rows: FlatRecord[]
  more: boolean
  stale: boolean
  plan: RowPlan
  card: CardPlan
  loadMore: () => void
}

/** The height of every card with its gap, in pixels; the style sheet says the same. */
const cardHeight = 112

/** Records as cards, for a phone; only those in sight are there. */
export function RecordCards({ label, rows, more, stale, plan, card, loadMore }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const { start, end } = useWindow(box, rows.length, cardHeight)
  useSteadyRows(box, rows, cardHeight)
  useMoreNear(end, rows.length, more, loadMore)
  return (
    <div ref={box} className={css.box} data-stale={stale || undefined} data-scroll-restoration-id={`cards-${plan.object}`}>
      <div className={css.room} style={{ blockSize: rows.length * cardHeight }}>
        <ul aria-label={label} style={{ transform: `translateY(${start * cardHeight}px)` }}>
          {rows.slice(start, end).map((record) => (
            <Card key={record.id} record={record} card={card} {...plan} />
          ))}
        </ul>
      </div>
    </div>
  )
}

const Card = memo(function Card({ record, card, object, formats, now }: RowPlan & { record: FlatRecord; card: CardPlan }) {
  const { t } = useTranslation('leads')
  const show = (field: Field | undefined, due = false) => field && <Cell field={field} value={record[field.name]} formats={formats} now={now} due={due} />
  return (
    <li className={css.card}>
      <Link to="/o/$object/$id" params={{ object, id: record.id }}>
        <span className={css.first}>
          <strong>{String(record[card.title?.name ?? ''] ?? '') || t('unnamed')}</strong>
          {show(card.stars)}
        </span>
        <span className={css.second}>
          <span className={css.contact}>{show(card.contact)}</span>
          {show(card.status)}
        </span>
        <span className={css.third}>
          <span className={css.owner}>
            {card.owner && record[card.owner.name] ? (
              <>
                <UserRound size={14} aria-hidden="true" /> {show(card.owner)}
              </>
            ) : null}
          </span>
          {show(card.due, true)}
        </span>
      </Link>
    </li>
  )
})
