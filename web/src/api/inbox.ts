import { useQuery } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'

/** How many messages wait to be read. */
export function useUnread(): number {
  const { data } = useQuery({
    queryKey: keys.unread,
    queryFn: () => call<{ unread: number }>('GET', '/inbox', { query: { unread: '1', limit: '1' } }),
    staleTime: 30_000,
  })
  return data?.unread ?? 0
}
