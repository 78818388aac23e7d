import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call, callWithHeaders, Problem } from '@/api/call'
import { keys } from '@/api/keys'
import { useSession } from '@/api/session'
import type { StageVisit } from './stages-plan'
import type { Clock, ConversionPlan, ConvertedRecord, FlatRecord, Named, RelatedGroup, StoredRecord, Why } from './types'
import type { Entry } from './thread-days'

const path = (object: string, id: string) => `/records/${object}/${id}`

async function readRecord(object: string, id: string): Promise<StoredRecord> {
  const { data, headers } = await callWithHeaders<FlatRecord>('GET', path(object, id))
  return { record: data, etag: headers.get('ETag') ?? '' }
}

export function useRecord(object: string, id: string) {
  return useQuery({ queryKey: keys.record(object, id), queryFn: () => readRecord(object, id) })
}

export function useThread(object: string, id: string) {
  const pages = useInfiniteQuery({
    queryKey: [...keys.record(object, id), 'thread'],
    queryFn: ({ pageParam }) => call<{ items: Entry[]; next_cursor?: string | null }>('GET', `${path(object, id)}/thread`, { query: { cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  })
  return {
    entries: pages.data?.pages.flatMap(({ items }) => items) ?? [],
    more: pages.hasNextPage ? { load: () => void pages.fetchNextPage(), loading: pages.isFetchingNextPage } : undefined,
  }
}

export function useClocks(object: string, id: string): Clock[] {
  const { data } = useQuery({ queryKey: [...keys.record(object, id), 'clocks'], queryFn: () => call<{ items: Clock[] }>('GET', `${path(object, id)}/clocks`) })
  return data?.items ?? []
}

export function useWhy(object: string, id: string): Why | undefined {
  return useQuery({ queryKey: [...keys.record(object, id), 'why'], queryFn: () => call<Why>('GET', `${path(object, id)}/why`) }).data
}

export function useRelated(object: string, id: string): RelatedGroup[] {
  const { data } = useQuery({ queryKey: [...keys.record(object, id), 'related'], queryFn: () => call<{ items: RelatedGroup[] }>('GET', `${path(object, id)}/related`) })
  return data?.items ?? []
}

/** When the record entered and left each stage. */
export function useStages(object: string, id: string): StageVisit[] {
  const { data } = useQuery({ queryKey: [...keys.record(object, id), 'stages'], queryFn: () => call<{ items: StageVisit[] }>('GET', `${path(object, id)}/stages`) })
  return data?.items ?? []
}

export function useClaim(object: string, id: string) {
  const client = useQueryClient()
  const claim = useMutation({
    mutationFn: () => call('POST', `${path(object, id)}/claim`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record(object, id) }),
  })
  return { run: () => claim.mutate(), pending: claim.isPending }
}

/** Who can be chosen for a person field; read only when one is edited. */
export function usePeople(wanted: boolean): { id: string; name: string }[] {
  const { data } = useQuery({
    queryKey: [...keys.people, 'users', 'choice'],
    queryFn: () => call<{ items: { id: string; name: string }[] }>('GET', '/users', { query: { limit: '500' } }),
    enabled: wanted,
  })
  return data?.items ?? []
}

/** Whether a save met a newer version of the record. */
export const isStale = (error: unknown): boolean => error instanceof Problem && error.status === 412

const faultsOf = (error: unknown): Record<string, string> =>
  error instanceof Problem ? Object.fromEntries(error.errors.map(({ path: field, message }) => [field, message])) : {}

export function useSaveRecord(object: string, id: string) {
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: ({ edits, etag }: { edits: Record<string, unknown>; etag: string }) => call('PATCH', path(object, id), { body: edits, headers: { 'If-Match': etag } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record(object, id) }),
  })
  return {
    run: (edits: Record<string, unknown>, etag: string) => save.mutateAsync({ edits, etag }),
    current: () => readRecord(object, id),
    pending: save.isPending,
    faults: faultsOf(save.error),
    message: save.error?.message,
  }
}

/** A record that may be the same; what the reader may not see is left out. */
export interface Duplicate {
  id?: string
  label?: string
  owner?: Named | null
  status?: string
}

const duplicateKeys = ['phone', 'wechat', 'email']
const typingPause = 350

/** Records that share a key with what is being typed, asked once the typing pauses. */
export function useDuplicates(object: string, texts: Record<string, string>): Duplicate[] {
  const typed = JSON.stringify(Object.fromEntries(duplicateKeys.flatMap((name) => ((texts[name] ?? '').trim().length >= 5 ? [[name, texts[name].trim()]] : []))))
  const [asked, setAsked] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), typingPause)
    return () => clearTimeout(timer)
  }, [typed])
  const { data } = useQuery({
    queryKey: ['duplicates', object, asked],
    queryFn: () => call<{ items: Duplicate[] }>('POST', `/records/${object}/duplicates`, { body: JSON.parse(asked) as Record<string, string> }),
    enabled: asked !== '{}',
    retry: false,
  })
  return asked === '{}' ? [] : (data?.items ?? [])
}

/** The records that a refused creation names; null when it was not refused for that. */
export const duplicatesOf = (error: unknown): Duplicate[] | null =>
  error instanceof Problem && error.status === 409 ? ((error.body.duplicates as Duplicate[] | undefined) ?? []) : null

export function useCreateRecord(object: string) {
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: ({ values, asTouch }: { values: Record<string, unknown>; asTouch: boolean }) =>
      call<FlatRecord>('POST', `/records/${object}`, { body: values, query: asTouch ? { duplicate: 'touch' } : {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.records(object) }),
  })
  return {
    /** The id of the record; undefined when it was refused, the reason being in `error`. */
    run: (values: Record<string, unknown>, asTouch: boolean) => create.mutateAsync({ values, asTouch }).then(({ id }) => id, () => undefined),
    pending: create.isPending,
    error: create.error,
    faults: faultsOf(create.error),
  }
}

/** What the record page needs to know of the company and the reader. */
export function useCompany(): { zone: string; demo: boolean; userID: string } {
  const session = useSession()
  return { zone: session?.company.zone ?? 'UTC', demo: session?.company.demo ?? true, userID: session?.user.id ?? '' }
}

/** What a conversion of the record would do, or did. */
export function useConversion(object: string, id: string): ConversionPlan | undefined {
  return useQuery({
    queryKey: [...keys.record(object, id), 'convert'],
    queryFn: () => call<ConversionPlan>('GET', `${path(object, id)}/convert`),
  }).data
}

/** What is asked of each target, by object name. */
export type ConversionWish = Record<string, { new?: boolean; use?: string; fields?: Record<string, unknown> }>

export function useConvert(object: string, id: string) {
  const client = useQueryClient()
  // Company, contact and project change with it: every list may show them.
  const settle = () => client.invalidateQueries({ queryKey: keys.allRecords })
  const convert = useMutation({
    mutationFn: (targets: ConversionWish) => call<{ records: ConvertedRecord[] }>('POST', `${path(object, id)}/convert`, { body: { targets } }),
    onSuccess: settle,
  })
  const undo = useMutation({ mutationFn: () => call('POST', `${path(object, id)}/convert/undo`), onSuccess: settle })
  return { convert, undo, faults: faultsOf(convert.error) }
}
