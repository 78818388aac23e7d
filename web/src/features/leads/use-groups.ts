import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { bothHold } from '@/fields/condition'
import type { FlatRecord } from '@/fields/field-list'
import { groupLines, type CountedGroup, type Line, type Opened } from './lines'
import { groupLevels, groupText, type Question } from './list-plan'

interface Groups {
  items: CountedGroup[]
  more: boolean
}

/** A list in groups, whose rows are read when a group is opened. */
export interface GroupedList {
  lines: Line[]
  /** How many records there are in all groups. */
  count: number
  /** Whether there are more groups than are shown. */
  more: boolean
  ready: boolean
  stale: boolean
  error: Error | null
  toggle: (filter: string) => void
  /** Shows more of an open group; false where that has to be done in a list of its own. */
  showMore: (filter: string) => boolean
  retry: () => void
}

const firstRows = 50
const mostRows = 500

/** Reads the groups of a question, and the inside of the open ones. Without a grouping nothing is read. */
export function useGroups(object: string, question: Question, group: string, sums: string[]): GroupedList {
  const levels = groupLevels(group)
  const [opened, setOpened] = useState<{ of: string; limits: ReadonlyMap<string, number> }>({ of: '', limits: new Map() })
  const of = JSON.stringify([question.filter, group])
  const limits = useMemo(() => (opened.of === of ? opened.limits : new Map<string, number>()), [opened, of])
  const set = (filter: string, limit: number | undefined) => {
    const next = new Map(limits)
    if (limit === undefined) next.delete(filter)
    else next.set(filter, limit)
    setOpened({ of, limits: next })
  }
  const sum = sums.join(',')
  const groupsQuery = (level: number, within: string) => {
    const query = { filter: bothHold(question.filter, within), group: groupText(levels.slice(level, level + 1)), sum }
    return { queryKey: keys.list(object, { groups: query }), queryFn: () => call<Groups>('GET', `/records/${object}/groups`, { query }), enabled: levels.length > level }
  }
  const outer = useQuery({ ...groupsQuery(0, ''), placeholderData: keepPreviousData })
  const insides = [...limits].map(([filter, limit]) => ({ filter, limit, level: outer.data?.items.some((one) => one.filter === filter) ? 1 : 2 }))
  const inner = useQueries({ queries: insides.map(({ filter, level }) => ({ ...groupsQuery(1, filter), enabled: level < levels.length })) })
  const rows = useQueries({
    queries: insides.map(({ filter, limit, level }) => {
      const query = { filter: bothHold(question.filter, filter), sort: question.sort, fields: question.fields.join(','), limit: String(limit) }
      return { queryKey: keys.list(object, { inGroup: query }), queryFn: () => call<{ items: FlatRecord[] }>('GET', `/records/${object}`, { query }), enabled: level >= levels.length, placeholderData: keepPreviousData }
    }),
  })
  const known = new Map<string, Opened>(insides.map(({ filter, level }, at) => [filter, level < levels.length ? { groups: inner[at].data?.items } : { rows: rows[at].data?.items }]))
  return {
    lines: outer.data ? groupLines(outer.data.items, levels, known, (filter) => limits.has(filter)) : [],
    count: outer.data?.items.reduce((total, { count }) => total + count, 0) ?? 0,
    more: outer.data?.more ?? false,
    ready: outer.isSuccess,
    stale: outer.isPlaceholderData,
    error: outer.error,
    toggle: (filter) => set(filter, limits.has(filter) ? undefined : firstRows),
    showMore: (filter) => {
      const limit = limits.get(filter) ?? firstRows
      if (limit < mostRows) set(filter, Math.min(mostRows, limit === firstRows ? 200 : mostRows))
      return limit < mostRows
    },
    retry: () => void outer.refetch(),
  }
}
