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

/** What is said: the text, and who is mentioned in it. */
interface Words {
  text: string
  mentions: string[]
}

/** A change of what was said about a record, which then is read anew. */
function useSaying<T>(object: string, id: string, say: (wish: T) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: say, onSuccess: () => client.invalidateQueries({ queryKey: keys.record(object, id) }) })
}

export const useComment = (object: string, id: string) => useSaying(object, id, (words: Words) => call('POST', `${path(object, id)}/comments`, { body: words }))

export const useEditComment = (object: string, id: string) =>
  useSaying(object, id, ({ entry, ...words }: Words & { entry: string }) => call('PATCH', `${path(object, id)}/comments/${entry}`, { body: words }))

export const useDeleteComment = (object: string, id: string) => useSaying(object, id, (entry: string) => call('DELETE', `${path(object, id)}/comments/${entry}`))

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
