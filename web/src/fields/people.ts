import { useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

export interface Person {
  id: string
  name: string
}

/** Who can be named in a person field; read only when that is wanted. */
export function usePeople(wanted: boolean): Person[] {
  const { data } = useQuery({
    queryKey: [...keys.people, 'users', 'choice'],
    queryFn: () => call<{ items: Person[] }>('GET', '/users', { query: { limit: '500' } }),
    enabled: wanted,
    staleTime: 60_000,
  })
  return data?.items ?? []
}
