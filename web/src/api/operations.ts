import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'
import { useMay } from './session'

export type Action = 'assign' | 'edit' | 'delete' | 'restore' | 'undo'

/** One operation over many records, as it stands. */
export interface Operation {
  id: string
  action: Action
  object: string
  /** What its records are called. */
  label: string
  state: 'queued' | 'running' | 'stopped' | 'done'
  filter?: string
  /** What was written; without a text it was blanked. */
  fields?: { name: string; label: string; text?: string }[]
  owner?: { id: string; label?: string }
  pool?: { id: string; label?: string }
  routing?: boolean
  total: number
  done: number
  failed: number
  problem?: { code: string; message: string }
  undoes?: string
  undone_by?: string
  /** Who asked for it, where it was not the reader. */
  asker?: { id: string; label?: string }
  may_undo: boolean
  may_resume: boolean
  created_at: string
  ended_at?: string
}

/** What is to be done to which records; a filter of '' is all of the object. */
export interface OperationWish {
  object: string
  action: Action
  filter?: string
  ids?: string[]
  fields?: Record<string, unknown>
  owner?: string
  pool?: string
  routing?: boolean
}

/** What an operation would meet. */
export interface Preview {
  count: number
  /** Match, but are not the reader's to change. */
  skipped: number
  sample: { id: string; label?: string }[]
}

export interface OperationFailure {
  record: { id: string; label?: string }
  code: string
  text: string
  errors?: { path: string; code: string; message: string }[]
}

export const isActive = ({ state }: Operation): boolean => state === 'queued' || state === 'running'

/** How often the progress is asked for without being told, in milliseconds. */
const period = 2000

/** The latest operations of the reader, or of everybody, kept up to date while one goes on. */
export function useOperations(limit: number, all = false) {
  const own = useMay('records.bulk')
  const everybodys = useMay('operations.all')
  const may = all ? everybodys : own
  return useQuery({
    queryKey: [...keys.operations, 'list', limit, all],
    queryFn: () => call<{ items: Operation[]; next_cursor?: string }>('GET', '/operations', { query: { limit: String(limit), ...(all && { all: '1' }) } }),
    enabled: may,
    refetchInterval: ({ state }) => (state.data?.items.some(isActive) ? period : false),
  })
}

/** What an operation would meet; asked only while wanted. */
export function usePreview(wish: OperationWish, wanted: boolean) {
  return useQuery({
    queryKey: [...keys.operations, 'preview', wish],
    queryFn: () => call<Preview>('POST', '/operations', { query: { dry_run: '1' }, body: wish }),
    enabled: wanted,
    retry: false,
    staleTime: 0,
  })
}

export function useFailures(id: string, wanted: boolean) {
  return useQuery({
    queryKey: [...keys.operations, 'failures', id],
    queryFn: () => call<{ items: OperationFailure[]; next_cursor?: string }>('GET', `/operations/${id}/failures`, { query: { limit: '200' } }),
    enabled: wanted,
  })
}

/** Asks for an operation; the same press never asks twice. */
export function useAskOperation() {
  return useChange((wish: OperationWish) => call<Operation>('POST', '/operations', { body: wish, headers: { 'Idempotency-Key': crypto.randomUUID() } }))
}

export function useStopOperation() {
  return useChange((id: string) => call<Operation>('POST', `/operations/${id}/stop`))
}

export function useResumeOperation() {
  return useChange((id: string) => call<Operation>('POST', `/operations/${id}/resume`))
}

export function useUndoOperation() {
  return useChange((id: string) => call<Operation>('POST', `/operations/${id}/undo`))
}

function useChange<T>(change: (of: T) => Promise<Operation>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: keys.operations }) })
}
