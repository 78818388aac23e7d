import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** A record that may mean the same, and the labels of what is equal. */
export interface Candidate {
  id: string
  label?: string
  owner?: { id: string; label?: string }
  same: string[]
}

export type Side = 'this' | 'other'

export interface MergeField {
  name: string
  label: string
  this?: string
  other?: string
  chosen: Side
  /** Not the reader's to choose. */
  fixed?: boolean
}

export interface MergePreview {
  fields: MergeField[]
  references: { object: string; label: string; count: number }[]
}

const path = (object: string, id: string) => `/records/${object}/${id}`

export function useCandidates(object: string, id: string) {
  return useQuery({
    queryKey: [...keys.record(object, id), 'duplicates'],
    queryFn: () => call<{ items: Candidate[]; merged: boolean }>('GET', `${path(object, id)}/duplicates`),
  })
}

export function useMergePreview(object: string, id: string, other: string) {
  return useQuery({
    queryKey: [...keys.record(object, id), 'merge', other],
    queryFn: () => call<MergePreview>('POST', `${path(object, id)}/merge`, { query: { dry_run: '1' }, body: { other } }),
    enabled: other !== '',
    retry: false,
  })
}

export function useMerge(object: string, id: string) {
  return useChange((wish: { other: string; fields: Record<string, Side> }) => call('POST', `${path(object, id)}/merge`, { body: wish }))
}

export function useUnmerge(object: string, id: string) {
  return useChange(() => call('POST', `${path(object, id)}/merge/undo`))
}

function useChange<T>(change: (of: T) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: keys.allRecords }) })
}
