import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronRight, UserRound } from 'lucide-react'
import { memo, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import type { FlatRecord } from '@/fields/field-list'
import { GroupSums, GroupValue } from './group-row'
import type { Line } from './lines'
import type { CardPlan } from './list-plan'
import { unevenPlaces } from './places'
import type { RowPlan } from './record-row'
import type { Selection } from './selection'
import { useCardSelection } from './use-card-selection'
import { useMoreNear, useSteadyRows, useWindow } from './use-window'
import css from './record-cards.module.css'

interface Props {
  label: string
  lines: Line[]
  more: boolean
  stale: boolean
  plan: RowPlan
  card: CardPlan
  fields: Field[]
  onGroup: (line: Line) => void
  selection: Selection
  /** Whether a tap chooses a card rather than opens it. */
  choosing: boolean
  loadMore: () => void
}

/** The height of a card and of a group's head with their gaps, in pixels; the style sheet says the same. */
const cardHeight = 112
const headHeight = 60

/** Records as cards, for a phone; only those in sight are there. */
export function RecordCards({ label, lines, more, stale, plan, card, fields, selection, choosing, onGroup, loadMore }: Props) {
  const touch = useCardSelection(selection, plan.selectable, choosing)
  const box = useRef<HTMLDivElement>(null)
  const places = useMemo(() => unevenPlaces(lines.map(({ kind }) => (kind === 'row' ? cardHeight : headHeight))), [lines])
  const { start, end } = useWindow(box, lines.length, places)
  useSteadyRows(box, lines, places)
  useMoreNear(end, lines.length, more, loadMore)
  return (
    <div ref={box} className={css.box} data-stale={stale || undefined} data-scroll-restoration-id={`cards-${plan.object}`} data-choosing={choosing || undefined} {...touch}>
      <div className={css.room} style={{ blockSize: places.top(lines.length) }}>
        <ul aria-label={label} style={{ transform: `translateY(${places.top(start)}px)` }}>
          {lines.slice(start, end).map((line) =>
            line.kind === 'row' ? (
              <Card key={line.id} record={line.record} card={card} chosen={choosing ? selection.has(line.id) : undefined} {...plan} />
            ) : (
              <li key={line.id} className={css.head}>
                <button type="button" aria-expanded={line.kind === 'group' ? line.open : undefined} onClick={() => onGroup(line)}>
                  <GroupHead line={line} fields={fields} formats={plan.formats} />
                </button>
              </li>
            ),
          )}
        </ul>
      </div>
    </div>
  )
}

/** The head of a group, or what is not shown yet of one. */
function GroupHead({ line, fields, formats }: { line: Exclude<Line, { kind: 'row' }>; fields: Field[]; formats: RowPlan['formats'] }) {
  const { t, i18n } = useTranslation('leads')
  const shown = (count: number) => new Intl.NumberFormat(i18n.language).format(count)
  if (line.kind === 'more') return <span className={css.second}>{line.loading ? t('loading') : t('groupMore', { count: line.left, number: shown(line.left) })}</span>
  const Arrow = line.open ? ChevronDown : ChevronRight
  return (
    <>
      <span className={css.first}>
        <strong>
          <GroupValue line={line} fields={fields} formats={formats} />
        </strong>
        <span>
          {shown(line.count)} <Arrow size={16} aria-hidden="true" />
        </span>
      </span>
      <span className={css.third}>
        <GroupSums line={line} fields={fields} formats={formats} />
      </span>
    </>
  )
}

const Card = memo(function Card({ record, card, chosen, object, formats, now }: RowPlan & { record: FlatRecord; card: CardPlan; chosen?: boolean }) {
  const { t } = useTranslation('leads')
  const show = (field: Field | undefined, due = false) => field && <Cell field={field} value={record[field.name]} formats={formats} now={now} due={due} />
  return (
    <li className={css.card} data-record={record.id} data-chosen={chosen || undefined}>
      {chosen !== undefined && <input type="checkbox" className={css.choice} checked={chosen} readOnly aria-label={t('selectRow', { name: String(record[card.title?.name ?? ''] ?? '') || t('unnamed') })} />}
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
