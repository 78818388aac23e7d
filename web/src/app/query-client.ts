import { QueryClient } from '@tanstack/react-query'
import { Problem } from '@/api/call'

const retries = 2

/** Asking again helps when the server could not answer, not when it said no. */
export function worthRetrying(failures: number, error: Error): boolean {
  const refused = error instanceof Problem && error.status > 0 && error.status < 500
  return !refused && failures < retries
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } } })
}
