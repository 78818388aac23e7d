import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { FirstSteps, Heat, Home, Risk } from './types'

export function useHome() {
  return useQuery({ queryKey: keys.home, queryFn: () => call<Home>('GET', '/home') })
}

/** A heat map; it counts many records, so it is not asked for again at every change of one. */
export function useHeat(block: string) {
  return useQuery({ queryKey: keys.dashboard('heat', { block }), queryFn: () => call<Heat>('GET', `/home/heat/${encodeURIComponent(block)}`), staleTime: 60_000 })
}

export function useRisk(block: string) {
  return useQuery({ queryKey: keys.dashboard('risk', { block }), queryFn: () => call<Risk>('GET', `/home/risk/${encodeURIComponent(block)}`), staleTime: 60_000 })
}

/** Takes a record on: whoever claims is who speaks to the customer. */
export function useClaim(object: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('POST', `/records/${object}/${id}/claim`),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.home }), client.invalidateQueries({ queryKey: keys.records(object) })]),
  })
}

/** What a new company lacks; whoever comes back from a step sees what it did. */
export function useFirstSteps() {
  return useQuery({ queryKey: keys.firstSteps, queryFn: () => call<FirstSteps>('GET', '/first-steps'), refetchOnMount: 'always' })
}

export function usePutAway() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (away: boolean) => call<FirstSteps>('PUT', '/first-steps', { body: { put_away: away } }),
    onSuccess: (told) => client.setQueryData(keys.firstSteps, told),
  })
}
