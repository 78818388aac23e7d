import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { runBatch, runEach, type BatchItem, type BatchResult, type Outcome } from './batch'

export type Act = 'assign' | 'delete' | 'restore'

/** Where a bulk operation stands. */
export type BulkState = { phase: 'idle' } | { phase: 'running'; act: Act; done: number; total: number } | { phase: 'done'; act: Act; outcomes: Outcome[] }

export interface Bulk {
  state: BulkState
  assign: (ids: string[], field: string, person: string) => Promise<void>
  remove: (ids: string[]) => Promise<void>
  restore: (ids: string[]) => Promise<void>
  dismiss: () => void
}

/** Does one thing to many records of an object and tells how far it is. */
export function useBulk(object: string): Bulk {
  const client = useQueryClient()
  const [state, setState] = useState<BulkState>({ phase: 'idle' })
  const run = async (act: Act, total: number, work: (onProgress: (done: number) => void) => Promise<Outcome[]>) => {
    setState({ phase: 'running', act, done: 0, total })
    const outcomes = await work((done) => setState({ phase: 'running', act, done, total }))
    setState({ phase: 'done', act, outcomes })
    await Promise.all([client.invalidateQueries({ queryKey: keys.records(object) }), client.invalidateQueries({ queryKey: keys.home })])
  }
  const send = (items: BatchItem[]) => call<{ items: BatchResult[] }>('POST', `/records/${object}/batch`, { body: { items } })
  const batch = (act: Act, items: BatchItem[]) => run(act, items.length, (onProgress) => runBatch(items, send, onProgress))
  return {
    state,
    assign: (ids, field, person) => batch('assign', ids.map((id) => ({ op: 'update', id, fields: { [field]: person } }))),
    remove: (ids) => batch('delete', ids.map((id) => ({ op: 'delete', id }))),
    restore: (ids) => run('restore', ids.length, (onProgress) => runEach(ids, (id) => call('POST', `/records/${object}/${id}/restore`), onProgress)),
    dismiss: () => setState({ phase: 'idle' }),
  }
}
