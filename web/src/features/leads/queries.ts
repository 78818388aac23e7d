import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { call, Problem } from '@/api/call'
import { keys } from '@/api/keys'
import type { FlatRecord } from '@/fields/field-list'
import type { Question } from './list-plan'

interface Page {
  items: FlatRecord[]
  next_cursor?: string | null
  /** Only on the first page. */
  count?: number
  count_more?: boolean
}

/** Rows asked for at once. */
const pageSize = '100'

export interface RecordList {
  rows: FlatRecord[]
  /** undefined while nothing came yet. */
  count?: number
  /** Whether there are more than `count`. */
  countMore: boolean
  /** Whether more can be asked for now. */
  more: boolean
  loadingMore: boolean
  /** Whether the rows still answer the question before. */
  stale: boolean
  ready: boolean
  error: Error | null
  loadMore: () => void
  /** Counts them all; undefined where that is known. */
  countExactly?: () => void
  retry: () => void
}

/** The records that answer a question, page by page; a live change reads the pages again in their places. */
export function useRecordList(object: string, { filter, sort, fields }: Question, wanted: boolean): RecordList {
  const pages = useInfiniteQuery({
    queryKey: keys.list(object, { filter, sort, fields, paged: true }),
    queryFn: ({ pageParam }) =>
      call<Page>('GET', `/records/${object}`, { query: { filter, sort, fields: fields.join(','), limit: pageSize, cursor: pageParam, count: pageParam ? '' : '1' } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    placeholderData: keepPreviousData,
    enabled: wanted,
  })
  const [counted, setCounted] = useState('')
  const exact = useQuery({
    queryKey: keys.list(object, { filter, exact: true }),
    queryFn: () => call<Page>('GET', `/records/${object}`, { query: { filter, fields: 'id', limit: '1', count: 'exact' } }),
    enabled: wanted && counted === `${object} ${filter}`,
  })
  const rows = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const first = pages.data?.pages[0]
  return {
    rows,
    count: exact.data?.count ?? first?.count,
    countMore: exact.data === undefined && (first?.count_more ?? false),
    countExactly: () => setCounted(`${object} ${filter}`),
    more: pages.hasNextPage && !pages.isFetching,
    loadingMore: pages.isFetchingNextPage,
    stale: pages.isPlaceholderData,
    ready: pages.isSuccess,
    error: pages.error,
    loadMore: () => void pages.fetchNextPage(),
    retry: () => void pages.refetch(),
  }
}

/** Whether there is no record at all, asked for where a view shows none; undefined until that is known. */
export function useIsBare(object: string, wanted: boolean): boolean | undefined {
  const any = useQuery({ queryKey: keys.list(object, { any: true }), queryFn: () => call<Page>('GET', `/records/${object}`, { query: { fields: 'id', limit: '1' } }), enabled: wanted })
  if (!wanted || any.isError) return false
  return any.data && any.data.items.length === 0
}

/** What the server says of a filter that does not compile, with the place; undefined for any other failure. */
export function filterFault(error: Error | null): string | undefined {
  if (!(error instanceof Problem)) return undefined
  return error.errors.find(({ path }) => path === 'filter')?.message
}
