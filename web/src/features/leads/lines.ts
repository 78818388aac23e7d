import type { FlatRecord } from '@/fields/field-list'
import type { GroupLevel } from './list-plan'

/** One group as the API counts it. */
export interface CountedGroup {
  keys: unknown[]
  count: number
  sums?: Record<string, unknown[]>
  filter: string
}

/** One line of a list: a record, the head of a group, or what is not shown yet of one. */
export type Line = RowLine | GroupLine | MoreLine

export interface RowLine {
  kind: 'row'
  id: string
  record: FlatRecord
}

export interface GroupLine {
  kind: 'group'
  id: string
  depth: number
  level: GroupLevel
  value: unknown
  count: number
  sums: Record<string, unknown[]>
  open: boolean
  /** The expression that finds its records, beside the list's own. */
  filter: string
}

export interface MoreLine {
  kind: 'more'
  id: string
  /** The expression of the group that it belongs to. */
  filter: string
  left: number
  loading: boolean
}

export const rowLines = (rows: FlatRecord[]): RowLine[] => rows.map((record) => ({ kind: 'row', id: record.id, record }))

/** What is known of the inside of a group. */
export interface Opened {
  groups?: CountedGroup[]
  rows?: FlatRecord[]
}

/** The groups with what stands in the open ones, as lines. */
export function groupLines(groups: CountedGroup[], levels: GroupLevel[], opened: ReadonlyMap<string, Opened>, isOpen: (filter: string) => boolean, depth = 0, within = ''): Line[] {
  return groups.flatMap((group) => {
    const filter = within ? `${within} AND ${group.filter}` : group.filter
    const open = isOpen(filter)
    const head: GroupLine = { kind: 'group', id: `group:${filter}`, depth, level: levels[depth], value: group.keys[0], count: group.count, sums: group.sums ?? {}, open, filter }
    return open ? [head, ...insideLines(group.count, filter, levels, opened, isOpen, depth)] : [head]
  })
}

function insideLines(count: number, filter: string, levels: GroupLevel[], opened: ReadonlyMap<string, Opened>, isOpen: (filter: string) => boolean, depth: number): Line[] {
  const inside = opened.get(filter)
  if (depth + 1 < levels.length) return inside?.groups ? groupLines(inside.groups, levels, opened, isOpen, depth + 1, filter) : [waiting(filter, count)]
  const rows = inside?.rows
  if (!rows) return [waiting(filter, count)]
  const left = count - rows.length
  return left > 0 ? [...rowLines(rows), { kind: 'more', id: `more:${filter}`, filter, left, loading: false }] : rowLines(rows)
}

const waiting = (filter: string, left: number): MoreLine => ({ kind: 'more', id: `more:${filter}`, filter, left, loading: true })
