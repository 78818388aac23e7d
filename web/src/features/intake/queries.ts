import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Channel, Delivery, DeliveryDetail, DeliveryStatus, ReplayResult } from './types'

interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export function useChannels() {
  return useQuery({ queryKey: keys.channels, queryFn: async () => (await call<Page<Channel>>('GET', '/channels')).items })
}

/** The deliveries of a channel, newest first; an empty status means all. */
export function useDeliveries(channel: string, status: DeliveryStatus | '') {
  const pages = useInfiniteQuery({
    queryKey: [...keys.channels, channel, 'deliveries', status],
    queryFn: ({ pageParam }) => call<Page<Delivery>>('GET', `/channels/${channel}/deliveries`, { query: { status, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  })
  return {
    items: pages.data?.pages.flatMap(({ items }) => items),
    error: pages.error,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : undefined,
    loading: pages.isFetching,
  }
}

export function useDelivery(id: string | null) {
  return useQuery({ queryKey: [...keys.channels, 'delivery', id], queryFn: () => call<DeliveryDetail>('GET', `/deliveries/${id}`), enabled: id !== null })
}

export function useReplay(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<ReplayResult>('POST', `/deliveries/${id}/replay`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.channels, predicate: ({ queryKey }) => !queryKey.includes('delivery') }),
  })
}

/** Replays all failed deliveries of a channel. */
export function useReplayFailed(channel: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<{ replayed: number; failed: number }>('POST', `/channels/${channel}/replay`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.channels }),
  })
}

export function useSetSecret(channel: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (secret: string) => call('PUT', `/channels/${channel}/secret`, { body: { secret } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.channels }),
  })
}
