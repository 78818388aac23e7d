import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** Saves a follow-up; the record, its thread and clocks and the home are read again. */
export function useSaveFollowUp(object: string, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Record<string, unknown>) => call('POST', `/records/${object}/${id}/follow-up`, { body }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.record(object, id) }),
        client.invalidateQueries({ queryKey: keys.home }),
      ]),
  })
}

interface Home {
  blocks: { object: string; items?: { record: { id: string } & Record<string, unknown> }[] }[]
}

/** The first record of the object on the reader's home that is not this one; undefined when nobody waits. */
export function useNextRecord(object: string, id: string) {
  const { data } = useQuery({ queryKey: keys.home, queryFn: () => call<Home>('GET', '/home') })
  const waiting = data?.blocks.filter((block) => block.object === object).flatMap(({ items }) => items ?? [])
  return waiting?.find(({ record }) => record.id !== id)?.record
}
