import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** One message to the reader; `text` is a sentence in his language. */
export interface InboxItem {
  id: string
  kind: string
  at: string
  read: boolean
  urgent: boolean
  text: string
  /** What it is about; absent where that is gone or not the reader's to see. */
  object?: string
  record_id?: string
  record_label?: string
}

interface Page {
  items: InboxItem[]
  next_cursor?: string | null
  unread: number
}

/** The reader's messages, newest first; the live stream says when to read them again. */
export function useInbox(unreadOnly: boolean) {
  const pages = useInfiniteQuery({
    queryKey: [...keys.inbox, 'list', { unreadOnly }],
    queryFn: ({ pageParam }) => call<Page>('GET', '/inbox', { query: { unread: unreadOnly ? '1' : '', cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  })
  return {
    items: pages.data?.pages.flatMap(({ items }) => items),
    unread: pages.data?.pages[0]?.unread ?? 0,
    error: pages.error,
    retry: () => void pages.refetch(),
    more: pages.hasNextPage ? { load: () => void pages.fetchNextPage(), loading: pages.isFetchingNextPage } : undefined,
  }
}

function useRead<T>(path: (input: T) => string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: T) => call('POST', path(input)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.inbox }),
  })
}

export const useReadOne = () => useRead((id: string) => `/inbox/${id}/read`)
export const useReadAll = () => useRead<void>(() => '/inbox/read')
