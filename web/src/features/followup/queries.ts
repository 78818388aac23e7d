import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** Saves a follow-up; the record, its thread and clocks and the home are read again. */
export function useSaveFollowUp(object: string, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Record<string, string>) => call('POST', `/records/${object}/${id}/follow-up`, { body }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.record(object, id) }),
        client.invalidateQueries({ queryKey: keys.home }),
      ]),
  })
}
