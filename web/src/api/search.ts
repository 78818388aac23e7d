import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from './call'
import { keys } from './keys'

/** A text with the stretches of it that were looked for. */
export interface Highlighted {
  text: string
  spans: [number, number][]
}

export interface SearchHit {
  object: string
  id: string
  title: Highlighted
  details: (Highlighted & { field: string; label: string })[]
  owner?: { id: string; label?: string }
}

export interface SearchGroup {
  object: string
  label: string
  items: SearchHit[]
  next_cursor: string | null
}

interface Answer {
  groups: SearchGroup[]
}

/** A record that the reader pinned or opened. */
export interface Kept {
  object: string
  id: string
  label: string
}

/** What holds these words, object by object; the last answer stays until the next one is there. */
export function useSearch(words: string, limit: number): { groups: SearchGroup[]; asking: boolean } {
  const query = { q: words.trim(), limit: String(limit) }
  const { data, isFetching } = useQuery({
    queryKey: keys.search(query),
    queryFn: ({ signal }) => call<Answer>('GET', '/search', { query, signal }),
    enabled: query.q !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  return { groups: query.q === '' ? [] : (data?.groups ?? []), asking: isFetching }
}

/** All hits in one object, page by page. */
export function useSearchPages(words: string, object: string) {
  const query = { q: words, objects: object, limit: '30' }
  return useInfiniteQuery({
    queryKey: keys.search(query),
    queryFn: ({ pageParam, signal }) => call<Answer>('GET', '/search', { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ groups }) => groups[0]?.next_cursor ?? undefined,
    enabled: words !== '' && object !== '',
    retry: false,
  })
}

const useKept = (queryKey: string[], path: string) => useQuery({ queryKey, queryFn: () => call<{ items: Kept[] }>('GET', path), staleTime: 60_000 }).data?.items

export const usePins = (): Kept[] | undefined => useKept(keys.pins, '/pins')
export const useRecent = (): Kept[] | undefined => useKept(keys.recent, '/recent')

/** Pins a record, or no longer; the menu says so at once. */
export function usePin() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ object, id, pinned }: Kept & { pinned: boolean }) => call(pinned ? 'PUT' : 'DELETE', `/pins/${object}/${id}`),
    onMutate: ({ object, id, label, pinned }) => {
      client.setQueryData<{ items: Kept[] }>(keys.pins, (now) => ({ items: withPin(now?.items ?? [], { object, id, label }, pinned) }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.pins }),
  })
}

/** The pins with one more, or without it. */
export function withPin(pins: Kept[], record: Kept, pinned: boolean): Kept[] {
  const others = pins.filter(({ id }) => id !== record.id)
  if (!pinned) return others
  return pins.length > others.length ? pins : [...others, record]
}

/** Notes that this record was opened. */
export function useOpened(object: string, id: string): void {
  const client = useQueryClient()
  useEffect(() => {
    call('PUT', `/recent/${object}/${id}`).then(
      () => client.invalidateQueries({ queryKey: keys.recent }),
      () => undefined, // what was opened is a convenience: nobody waits for it
    )
  }, [client, object, id])
}
