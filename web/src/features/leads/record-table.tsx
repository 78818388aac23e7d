import { useCallback, useEffect, useRef, useState, type CSSProperties, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { notify } from '@/ui/notify'
import { allowedWidth, columnWidths, usualWidthOf } from './column-widths'
import { GroupRow, MoreRow } from './group-row'
import type { InlineEdit } from './inline-edit'
import type { Line } from './lines'
import type { Density } from './list-plan'
import { evenPlaces, type Places } from './places'
import { cellID, lineID, RecordRow, type RowPlan } from './record-row'
import type { Selection } from './selection'
import { TableHead } from './table-head'
import { useTableKeys } from './table-keys'
import { useMoreNear, useSteadyRows, useWindow } from './use-window'
import css from './record-table.module.css'

interface Props {
  label: string
  lines: Line[]
  /** How many there are in all; undefined where nobody counted that far. */
  total?: number
  more: boolean
  stale: boolean
  plan: RowPlan
  fields: Field[]
  selection: Selection
  sort: string
  widths: Record<string, number>
  density: Density
  edit: InlineEdit
  onSort: (sort: string) => void
  onOpen: (id: string) => void
  onGroup: (line: Line) => void
  onColumns: (names: string[]) => void
  onWidths: (widths: Record<string, number>) => void
  loadMore: () => void
}

/** The height of every line in pixels; the style sheet takes it from here. */
const heights: Record<Density, number> = { standard: 40, compact: 32 }
const places: Record<Density, Places> = { standard: evenPlaces(heights.standard), compact: evenPlaces(heights.compact) }

/** Records as a table that holds only the lines in sight; arrow keys move through its cells, Enter opens or edits, Space selects. */
export function RecordTable({ label, lines, total, more, stale, plan, fields, selection, sort, widths, density, edit, onSort, onOpen, onGroup, onColumns, onWidths, loadMore }: Props) {
  const { t } = useTranslation('leads')
  const box = useRef<HTMLDivElement>(null)
  const rowHeight = heights[density]
  const { start, end } = useWindow(box, lines.length, places[density])
  useSteadyRows(box, lines, places[density])
  useMoreNear(end, lines.length, more, loadMore)
  const { drawn, template, width, widthOf, onWidth } = useWidths(plan, widths, onWidths)
  const onEdit = (line: Line, field: Field): boolean => {
    if (line.kind !== 'row') return false
    const begun = edit.start(line.record, field)
    if (!begun && field.name !== plan.titleField) notify(t('cell.readOnly', { field: field.label }))
    return begun || field.name !== plan.titleField
  }
  const { active, setActive, beside, onKeyDown } = useTableKeys({
    box, lines, columns: plan.columns, rowHeight, onOpen, onToggle: plan.selectable ? selection.toggle : undefined, onGroup, onEdit, onUndo: () => void edit.undo(),
  })
  const done = (to: 'next' | 'previous' | 'stay') => {
    const line = lines.find(({ id }) => id === active?.line)
    const next = to === 'stay' ? undefined : beside(to === 'next' ? 1 : -1)
    if (next && line?.kind === 'row') {
      setActive({ line: line.id, column: next.name })
      if (edit.start(line.record, next)) return
    }
    box.current?.focus()
  }
  const latest = useRef(done)
  useEffect(() => {
    latest.current = done
  })
  const onDone = useCallback((to: 'next' | 'previous' | 'stay') => latest.current(to), [])
  const move = (name: string, to: number) => {
    const names = plan.columns.map((field) => field.name).filter((other) => other !== name)
    names.splice(Math.max(1, Math.min(names.length, to)), 0, name)
    onColumns(names)
  }
  const shown = lines.slice(start, end)
  const activeLine = shown.find(({ id }) => id === active?.line)
  return (
    <div
      ref={box}
      className={css.table}
      style={{ '--columns': template, '--width': width, '--row': `${rowHeight}px` } as CSSProperties}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total === undefined ? -1 : total + 1}
      aria-multiselectable={plan.selectable || undefined}
      aria-busy={stale}
      aria-activedescendant={activeLine && active ? (activeLine.kind === 'row' ? cellID(activeLine.id, active.column) : lineID(activeLine.id)) : undefined}
      data-scroll-restoration-id={`list-${plan.object}`}
      data-stale={stale || undefined}
      data-drawn={drawn || undefined}
      onKeyDown={onKeyDown}
      onClick={(event) => clicked(event)}
      onDoubleClick={(event) => doubleClicked(event)}
    >
      <TableHead columns={plan.columns} ids={lines.flatMap((line) => (line.kind === 'row' ? [line.id] : []))} selectable={plan.selectable} selection={selection} sort={sort} widthOf={widthOf} onSort={onSort} onMove={move} onWidth={onWidth} />
      <div className={css.body} role="rowgroup" style={{ blockSize: lines.length * rowHeight }}>
        <div role="presentation" style={{ transform: `translateY(${start * rowHeight}px)` }}>
          {shown.map((line, offset) => oneLine(line, start + offset))}
        </div>
      </div>
    </div>
  )

  function oneLine(line: Line, index: number) {
    const isActive = line.id === active?.line
    if (line.kind === 'group') return <GroupRow key={line.id} line={line} index={index} active={isActive} fields={fields} formats={plan.formats} />
    if (line.kind === 'more') return <MoreRow key={line.id} line={line} index={index} active={isActive} />
    const editing = edit.editing?.id === line.id ? edit.editing : undefined
    return <RecordRow key={line.id} record={line.record} index={index} selected={selection.has(line.id)} active={isActive ? active.column : undefined} editing={editing} edit={editing && edit} onDone={onDone} {...plan} />
  }

  /** A click on a name opens the record, on its box selects it, elsewhere it makes the cell the active one; a link asked for in a new tab is the browser's. */
  function clicked(event: MouseEvent<HTMLElement>): void {
    const target = event.target as HTMLElement
    if (target.closest('[data-editor]')) return
    const line = lineOf(target)
    if (!line) return
    if (line.kind !== 'row') return onGroup(line)
    if (target.closest('input') || target.querySelector(':scope > input')) return selection.toggle(line.id)
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    const column = target.closest<HTMLElement>('[data-field]')?.dataset.field ?? ''
    setActive({ line: line.id, column })
    if (!target.closest('a')) return
    event.preventDefault()
    onOpen(line.id)
  }

  function doubleClicked(event: MouseEvent<HTMLElement>): void {
    const target = event.target as HTMLElement
    const line = lineOf(target)
    const field = plan.columns.find(({ name }) => name === target.closest<HTMLElement>('[data-field]')?.dataset.field)
    if (line?.kind !== 'row' || !field || target.closest('[data-editor], a')) return
    getSelection()?.removeAllRanges()
    onEdit(line, field)
  }

  function lineOf(target: HTMLElement): Line | undefined {
    const id = target.closest<HTMLElement>('[role=row]')?.id
    return id ? lines.find((line) => lineID(line.id) === id) : undefined
  }
}

/** The widths of the columns, while one of them is drawn too. */
function useWidths({ columns, titleField, selectable }: RowPlan, widths: Record<string, number>, onWidths: (widths: Record<string, number>) => void) {
  const [drawing, setDrawing] = useState<Record<string, number>>()
  const now = drawing ?? widths
  const widthOf = (name: string) => {
    const field = columns.find((one) => one.name === name)
    return now[name] ?? (field ? usualWidthOf(field, titleField) : 0)
  }
  const onWidth = (name: string, width: number, done: boolean) => {
    const next = { ...widths, [name]: allowedWidth(width) }
    setDrawing(done ? undefined : next)
    if (done) onWidths(next)
  }
  return { drawn: drawing !== undefined, widthOf, onWidth, ...columnWidths(columns, titleField, selectable, now) }
}
