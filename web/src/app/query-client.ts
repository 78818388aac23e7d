import { QueryClient } from '@tanstack/react-query'
import { Problem } from '@/api/call'

const retries = 2

/** Asking again helps when the server could not answer, not when it said no. */
export function worthRetrying(failures: number, error: Error): boolean {
  const refused = error instanceof Problem && error.status > 0 && error.status < 500
  return !refused && failures < retries
}

/**
 * What asks and what saves. Without a network both fail and say so, rather than wait for one in silence:
 * whoever pressed a button has to know whether it worked.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 5_000, networkMode: 'always', refetchOnReconnect: true },
      mutations: { networkMode: 'always' },
    },
  })
}
