import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** A next action or a task. */
export interface AgendaItem {
  object: string
  id: string
  label: string
  kind: 'follow_up' | 'task'
  action?: string
  due_at: string
  overdue: boolean
  owner?: { id: string; label?: string }
  done_field?: string
  can_move: boolean
}

export type DayKind = 'workday' | 'weekend' | 'holiday' | 'make_up'

export interface Agenda {
  items: AgendaItem[]
  more: boolean
  days: { day: string; kind: DayKind }[]
  people: { id: string; label: string }[]
}

/** What is to be done in these days by one person, or by all; without `from` what is overdue too. */
export function useAgenda(query: { from: string; to: string; person: string }) {
  return useQuery({ queryKey: [...keys.agenda, query], queryFn: () => call<Agenda>('GET', '/agenda', { query }), placeholderData: (before) => before })
}

interface Move {
  item: AgendaItem
  due: string
  reason: string
}

function useAgain(): () => Promise<unknown> {
  const client = useQueryClient()
  return () => Promise.all([client.invalidateQueries({ queryKey: keys.agenda }), client.invalidateQueries({ queryKey: keys.home }), client.invalidateQueries({ queryKey: keys.allRecords })])
}

/** Moves a thing to do to another time. */
export function useMove() {
  const again = useAgain()
  return useMutation({
    mutationFn: ({ item: { object, id, due_at: was }, due, reason }: Move) => call<AgendaItem>('POST', '/agenda/move', { body: { object, id, due_at: due, was, reason } }),
    onSettled: again,
  })
}

/** Marks a task as done, or as not done after all. */
export function useDone() {
  const again = useAgain()
  return useMutation({
    mutationFn: ({ item: { object, id, done_field: field }, done }: { item: AgendaItem; done: boolean }) => call('PATCH', `/records/${object}/${id}`, { body: { [field ?? '']: done } }),
    onSettled: again,
  })
}
