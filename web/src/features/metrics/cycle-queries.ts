import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Cycle, ReasonFigures } from './cycle-types'

/** The days of a cycle, in a period and in the one that it is compared with. */
export interface Periods {
  from: string
  to: string
  earlier_from: string
  earlier_to: string
}

export function useCycle(name: string, periods: Periods) {
  const query = { ...periods }
  return useQuery({
    queryKey: keys.dashboard(name, query),
    queryFn: () => call<Cycle>('GET', `/cycles/${name}`, { query }),
    placeholderData: keepPreviousData,
  })
}

export function useReasons(object: string, from: string, to: string): ReasonFigures[] {
  const query = { from, to }
  const { data } = useQuery({
    queryKey: keys.dashboard(`reasons-${object}`, query),
    queryFn: () => call<{ items: ReasonFigures[] }>('GET', `/reasons/${object}`, { query }),
    placeholderData: keepPreviousData,
  })
  return data?.items ?? []
}
