import { ArrowDown, ArrowUp } from 'lucide-react'
import { useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { isSortable, type FlatRecord } from '@/fields/field-list'
import { columnWidths } from './column-widths'
import { sortAfter, sortKey } from './list-plan'
import { RecordRow, rowID, type RowPlan } from './record-row'
import type { Selection } from './selection'
import { useMoreNear, useSteadyRows, useWindow } from './use-window'
import css from './record-table.module.css'

interface Props {
  label: string
  rows: FlatRecord[]
  /** How many there are in all; undefined where nobody counted that far. */
  total?: number
  more: boolean
  stale: boolean
  plan: RowPlan
  selection: Selection
  sort: string
  onSort: (sort: string) => void
  onOpen: (id: string) => void
  loadMore: () => void
}

/** The height of every row in pixels; the style sheet says the same. */
const rowHeight = 40

/** Records as a table that holds only the rows in sight; the arrow keys move through it, Enter opens, Space selects. */
export function RecordTable({ label, rows, total, more, stale, plan, selection, sort, onSort, onOpen, loadMore }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const { start, end } = useWindow(box, rows.length, rowHeight)
  useSteadyRows(box, rows, rowHeight)
  useMoreNear(end, rows.length, more, loadMore)
  const { activeID, onKeyDown } = useKeys({ box, rows, onOpen, onToggle: plan.selectable ? selection.toggle : undefined })
  const { template, width } = columnWidths(plan.columns, plan.titleField, plan.selectable)
  const style = { '--columns': template, '--width': width } as CSSProperties
  const onClick = (event: MouseEvent<HTMLDivElement>) => clicked(event, onOpen, selection.toggle)
  return (
    <div
      ref={box}
      className={css.table}
      style={style}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total === undefined ? -1 : total + 1}
      aria-multiselectable={plan.selectable || undefined}
      aria-busy={stale}
      aria-activedescendant={rows.slice(start, end).some(({ id }) => id === activeID) ? rowID(activeID) : undefined}
      data-scroll-restoration-id={`list-${plan.object}`}
      data-stale={stale || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <Head columns={plan.columns} rows={rows} selectable={plan.selectable} selection={selection} sort={sort} onSort={onSort} />
      <div className={css.body} role="rowgroup" style={{ blockSize: rows.length * rowHeight }}>
        <div role="presentation" style={{ transform: `translateY(${start * rowHeight}px)` }}>
          {rows.slice(start, end).map((record, offset) => (
            <RecordRow key={record.id} record={record} index={start + offset} selected={selection.has(record.id)} active={record.id === activeID} {...plan} />
          ))}
        </div>
      </div>
    </div>
  )
}

/** A click on a row opens it, on its box selects it; a link asked for in a new tab is the browser's. */
function clicked(event: MouseEvent<HTMLElement>, open: (id: string) => void, toggle: (id: string) => void): void {
  const target = event.target as HTMLElement
  const id = target.closest<HTMLElement>('[data-record]')?.dataset.record
  if (!id) return
  if (target.closest('input') || target.querySelector(':scope > input')) return toggle(id)
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  if (getSelection()?.toString()) return
  event.preventDefault()
  open(id)
}

interface Keys {
  box: { current: HTMLDivElement | null }
  rows: FlatRecord[]
  onOpen: (id: string) => void
  onToggle?: (id: string) => void
}

function useKeys({ box, rows, onOpen, onToggle }: Keys) {
  const [activeID, setActive] = useState('')
  const move = (to: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, to))
    if (!rows[at]) return
    setActive(rows[at].id)
    if (box.current) scrollTo(box.current, at)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return
    const at = rows.findIndex(({ id }) => id === activeID)
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 2)
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: rows.length - 1 }
    if (event.key in steps) move(steps[event.key])
    else if (event.key === 'Enter' && at >= 0) onOpen(activeID)
    else if (event.key === ' ' && at >= 0 && onToggle) onToggle(activeID)
    else return
    event.preventDefault()
  }
  return { activeID, onKeyDown }
}

/** Brings a row into sight below the head, which stays. */
function scrollTo(box: HTMLElement, index: number): void {
  const top = index * rowHeight
  const room = box.clientHeight - 2 * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (top > box.scrollTop + room) box.scrollTop = top - room
}

interface HeadProps {
  columns: Field[]
  rows: FlatRecord[]
  selectable: boolean
  selection: Selection
  sort: string
  onSort: (sort: string) => void
}

function Head({ columns, rows, selectable, selection, sort, onSort }: HeadProps) {
  const { t } = useTranslation('leads')
  const all = rows.length > 0 && rows.every(({ id }) => selection.has(id))
  return (
    <div className={css.headGroup} role="rowgroup">
      <div className={css.head} role="row" aria-rowindex={1}>
        {selectable && (
          <span role="columnheader" className={css.check}>
            <input
              type="checkbox"
              aria-label={t('selectAll')}
              checked={all}
              ref={(input) => {
                if (input) input.indeterminate = !all && selection.size > 0
              }}
              onChange={() => selection.set(all ? [] : rows.map(({ id }) => id))}
            />
          </span>
        )}
        {columns.map((field, index) => (
          <HeadCell key={field.name} field={field} title={index === 0} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  )
}

function HeadCell({ field, title, sort, onSort }: { field: Field; title: boolean; sort: string; onSort: (sort: string) => void }) {
  const key = sortKey(sort)
  const sorted = key.name === field.name
  const Arrow = key.descending ? ArrowDown : ArrowUp
  return (
    <span role="columnheader" className={css.headCell} data-title={title || undefined} aria-sort={sorted ? (key.descending ? 'descending' : 'ascending') : undefined}>
      {isSortable(field) ? (
        <button type="button" onClick={() => onSort(sortAfter(sort, field.name))}>
          {field.label}
          {sorted && <Arrow size={14} aria-hidden="true" />}
        </button>
      ) : (
        <span>{field.label}</span>
      )}
    </span>
  )
}
