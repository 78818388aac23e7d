import { ArrowDown, ArrowUp } from 'lucide-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { isSortable } from '@/fields/field-list'
import { useDragOrder } from '@/ui/use-drag-order'
import { sortAfter, sortKeys } from './list-plan'
import type { Selection } from './selection'
import css from './record-table.module.css'

interface Props {
  columns: Field[]
  /** The records that "all" means: those that are loaded. */
  ids: string[]
  selectable: boolean
  selection: Selection
  sort: string
  widthOf: (name: string) => number
  onSort: (sort: string) => void
  /** A column to another place; the first one stays. */
  onMove: (name: string, to: number) => void
  /** While a width is drawn, and with `done` once it is to be kept. */
  onWidth: (name: string, width: number, done: boolean) => void
}

/** The heads of the columns: click sorts, with Shift by several; drag moves, the edge resizes; Alt and arrow keys do both. */
export function TableHead({ columns, ids, selectable, selection, ...rest }: Props) {
  const { t } = useTranslation('leads')
  const place = useDragOrder<HTMLDivElement>(rest.onMove)
  const all = ids.length > 0 && ids.every((id) => selection.has(id))
  return (
    <div ref={place} className={css.headGroup} role="rowgroup">
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
              onChange={() => selection.set(all ? [] : ids)}
            />
          </span>
        )}
        {columns.map((field, index) => (
          <HeadCell key={field.name} field={field} index={index} {...rest} />
        ))}
      </div>
    </div>
  )
}

interface CellProps extends Pick<Props, 'sort' | 'widthOf' | 'onSort' | 'onMove' | 'onWidth'> {
  field: Field
  index: number
}

const widthStep = 24

function HeadCell({ field, index, sort, widthOf, onSort, onMove, onWidth }: CellProps) {
  const { name, label } = field
  const keys = sortKeys(sort)
  const at = keys.findIndex((key) => key.name === name)
  const key = keys[at]
  const Arrow = key?.descending ? ArrowDown : ArrowUp
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!event.altKey || !by) return
    event.preventDefault()
    if (event.shiftKey) onWidth(name, widthOf(name) + by * widthStep, true)
    else if (index > 0) onMove(name, index + by)
  }
  return (
    <span
      role="columnheader"
      data-head={name}
      className={css.headCell}
      data-title={index === 0 || undefined}
      aria-sort={at === 0 ? (key.descending ? 'descending' : 'ascending') : undefined}
      draggable={index > 0}
      data-drag={name}
    >
      {isSortable(field) ? (
        <button type="button" aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight" onKeyDown={onKeyDown} onClick={(event) => onSort(sortAfter(sort, name, event.shiftKey))}>
          {label}
          {key && <Arrow size={14} aria-hidden="true" />}
          {key && keys.length > 1 && <small>{at + 1}</small>}
        </button>
      ) : (
        <span>{label}</span>
      )}
      <Edge name={name} widthOf={widthOf} onWidth={onWidth} />
    </span>
  )
}

/** The edge of a column that is drawn to resize it. */
function Edge({ name, widthOf, onWidth }: Pick<Props, 'widthOf' | 'onWidth'> & { name: string }) {
  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault()
    const edge = event.currentTarget
    const cell = edge.parentElement
    const from = event.clientX
    const width = cell?.getBoundingClientRect().width ?? widthOf(name)
    edge.setPointerCapture(event.pointerId)
    const moved = (to: globalThis.PointerEvent) => onWidth(name, width + to.clientX - from, false)
    const done = (to: globalThis.PointerEvent) => {
      edge.removeEventListener('pointermove', moved)
      onWidth(name, width + to.clientX - from, true)
    }
    edge.addEventListener('pointermove', moved)
    edge.addEventListener('pointerup', done, { once: true })
  }
  return <span className={css.edge} aria-hidden="true" onPointerDown={begin} />
}
