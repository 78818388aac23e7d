import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** What of the audit is looked for; blank is everything. */
export interface Search {
  kind: string
  person: string
  from: string
  to: string
  failed: string
}

export interface Entry {
  seq: number
  at: string
  area: string
  kind: string
  failed: boolean
  actor: { kind: string; id?: string; label: string; address?: string }
  target: { kind: string; id: string; label: string } | null
  text: string
  details?: { name: string; before: string; after: string }[]
}

interface Page {
  items: Entry[]
  next_cursor: string | null
  areas: { name: string; label: string }[]
}

/** The entries of a search, newest first. */
export function useAudit(search: Search) {
  const pages = useInfiniteQuery({
    queryKey: [...keys.audit, search],
    queryFn: ({ pageParam }) => call<Page>('GET', '/audit', { query: { ...search, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    placeholderData: keepPreviousData,
  })
  return {
    items: pages.data?.pages.flatMap(({ items }) => items),
    areas: pages.data?.pages[0]?.areas ?? [],
    error: pages.error,
    more: pages.hasNextPage ? { load: () => void pages.fetchNextPage(), loading: pages.isFetchingNextPage } : undefined,
  }
}

export const usePeople = () =>
  useQuery({ queryKey: [...keys.people, 'names'], queryFn: async () => (await call<{ items: { id: string; name: string }[] }>('GET', '/users', { query: { limit: '500' } })).items }).data ?? []

export const useVerify = () => useMutation({ mutationFn: () => call<{ entries: number; head: string; broken_at: number | null }>('GET', '/audit/verify') })

/** Where the search can be had as a file. */
export const exportAddress = (search: Search): string => `/api/v1/audit/export?${new URLSearchParams(Object.entries(search).filter(([, value]) => value !== ''))}`
