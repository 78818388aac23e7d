import { useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Health } from './types'

/** How the system is now; asked again every half minute while it is looked at. */
export function useHealth() {
  return useQuery({ queryKey: keys.health, queryFn: () => call<Health>('GET', '/health/status'), refetchInterval: 30_000 })
}
