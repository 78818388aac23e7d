import { useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Warning } from './types'

/** What an administrator should look at now. */
export function useWarnings() {
  return useQuery({ queryKey: keys.health, queryFn: async () => (await call<{ items: Warning[] }>('GET', '/health/status')).items })
}
