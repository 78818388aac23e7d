import { useState, type KeyboardEvent, type RefObject } from 'react'
import type { Field } from '@/api/catalog'
import type { Line, RowLine } from './lines'

/** The cell that the keys act on. */
export interface ActiveCell {
  line: string
  column: string
}

interface Keys {
  box: RefObject<HTMLDivElement | null>
  lines: Line[]
  columns: Field[]
  rowHeight: number
  onOpen: (id: string) => void
  onToggle?: (id: string) => void
  onGroup: (line: Line) => void
  /** Begins to edit a cell; false where it cannot be. */
  onEdit: (line: RowLine, field: Field) => boolean
  onUndo: () => void
}

/** Moves through the lines and cells of a table by keys, as spreadsheets do. */
export function useTableKeys({ box, lines, columns, rowHeight, onOpen, onToggle, onGroup, onEdit, onUndo }: Keys) {
  const [active, setActive] = useState<ActiveCell>({ line: '', column: columns[0]?.name ?? '' })
  const at = lines.findIndex(({ id }) => id === active.line)
  const column = Math.max(0, columns.findIndex(({ name }) => name === active.column))
  const move = (to: number) => {
    const index = Math.max(0, Math.min(lines.length - 1, to))
    if (!lines[index]) return
    setActive({ line: lines[index].id, column: columns[column]?.name ?? '' })
    if (box.current) showLine(box.current, index, rowHeight)
  }
  const aside = (by: number) => {
    const next = columns[Math.max(0, Math.min(columns.length - 1, column + by))]
    if (!next) return
    setActive({ ...active, column: next.name })
    showCell(box.current, next.name)
  }
  const act = (line: Line | undefined, edit: boolean): boolean => {
    if (line?.kind === 'group' || line?.kind === 'more') onGroup(line)
    else if (line && (edit || column > 0) && columns[column] && onEdit(line, columns[column])) return true
    else if (line?.kind === 'row' && !edit) onOpen(line.id)
    return line !== undefined
  }
  const sideways = (line: Line | undefined, by: number) => {
    if (line?.kind === 'group') {
      if (line.open !== by > 0) onGroup(line)
    } else aside(by)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return
    const line = lines[at]
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 2)
    const steps: Record<string, number> = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: lines.length - 1 }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') onUndo()
    else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (event.key in steps) move(steps[event.key])
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') sideways(line, event.key === 'ArrowRight' ? 1 : -1)
    else if (event.key === 'Enter' || event.key === 'F2') {
      if (!act(line, event.key === 'F2')) return
    } else if (event.key === ' ' && line?.kind === 'row' && onToggle) onToggle(line.id)
    else return
    event.preventDefault()
  }
  /** The editable cell after or before the active one, in its row. */
  const beside = (by: 1 | -1): Field | undefined => columns[column + by]
  return { active: at < 0 ? undefined : active, setActive, beside, onKeyDown }
}

/** Brings a line into sight below the head, which stays. */
function showLine(box: HTMLElement, index: number, rowHeight: number): void {
  const top = index * rowHeight
  const room = box.clientHeight - 2 * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (top > box.scrollTop + room) box.scrollTop = top - room
}

/** Brings a column into sight beside the first, which stays. */
function showCell(box: HTMLElement | null, name: string): void {
  const head = box?.querySelector<HTMLElement>(`[data-head="${CSS.escape(name)}"]`)
  const first = box?.querySelector<HTMLElement>('[data-head][data-title]')
  if (!box || !head || head === first) return
  const covered = first ? first.offsetLeft + first.offsetWidth - box.scrollLeft : 0
  if (head.offsetLeft < box.scrollLeft + covered) box.scrollLeft = head.offsetLeft - covered
  else if (head.offsetLeft + head.offsetWidth > box.scrollLeft + box.clientWidth) box.scrollLeft = head.offsetLeft + head.offsetWidth - box.clientWidth
}
