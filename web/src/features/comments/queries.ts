import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Person } from './mention'

const path = (object: string, id: string) => `/records/${object}/${id}`

/** Colleagues by a part of the name, of its pinyin or of the initials. */
export function useColleagues(wanted: string | undefined): Person[] {
  const { data } = useQuery({
    queryKey: [...keys.people, 'mention', wanted ?? ''],
    queryFn: async () => (await call<{ items: Person[] }>('GET', '/users', { query: { q: wanted ?? '', active: '1', limit: '6' } })).items,
    enabled: wanted !== undefined,
    placeholderData: keepPreviousData,
  })
  return wanted === undefined ? [] : (data ?? [])
}

export function useComment(object: string, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (comment: { text: string; mentions: string[] }) => call('POST', `${path(object, id)}/comments`, { body: comment }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record(object, id) }),
  })
}

const followKey = (object: string, id: string) => [...keys.record(object, id), 'follow']

/** What one hears of a record: every change, or those of some fields by a role. */
export interface Hearing {
  following: boolean
  /** Why, where one did not ask for it. */
  because?: 'owner' | 'role'
  /** The labels of the fields that a role hears of. */
  fields?: string[]
}

export const useFollowing = (object: string, id: string) =>
  useQuery({ queryKey: followKey(object, id), queryFn: () => call<Hearing>('GET', `${path(object, id)}/follow`) }).data

export function useFollow(object: string, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (on: boolean) => call<Hearing>(on ? 'PUT' : 'DELETE', `${path(object, id)}/follow`),
    onSuccess: (view) => client.setQueryData(followKey(object, id), view),
  })
}
