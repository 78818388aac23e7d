import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Home } from './types'

export function useHome() {
  return useQuery({ queryKey: keys.home, queryFn: () => call<Home>('GET', '/home') })
}

/** Takes a record on: whoever claims is who speaks to the customer. */
export function useClaim(object: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST', `/records/${object}/${id}/claim`),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.home }), client.invalidateQueries({ queryKey: keys.records(object) })]),
  })
}
