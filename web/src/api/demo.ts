import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'

export interface DemoLogIn {
  email: string
  password: string
  role: string
  name: string
}

interface Demo {
  demo: boolean
  company?: string
  logins?: DemoLogIn[]
}

/** Whether this is the demo company, and how one gets in. */
export function useDemo(): Demo | undefined {
  return useQuery({ queryKey: keys.demo, queryFn: () => call<Demo>('GET', '/demo'), staleTime: Infinity }).data
}

/** Moves the demo's business time on; clocks that fall due on the way fire. */
export function useAdvance() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (hours: number) => call<{ now: string; fired: number }>('POST', '/demo/advance', { body: { hours } }),
    onSuccess: () => client.invalidateQueries(),
  })
}
