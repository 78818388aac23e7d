import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { cardOf, moved, type Move } from './move'
import type { Board, BoardColumn, CardPage } from './types'

const cards = '20'

const columnKey = (object: string, filter: string, choice: string) => [...keys.records(object), 'board', filter, choice]

/** The columns of an object's board with their counts and sums. */
export function useBoard(object: string, view: string, filter: string) {
  return useQuery({
    queryKey: [...keys.records(object), 'board', filter],
    queryFn: () => call<Board>('GET', `/records/${object}/board`, { query: { view, filter } }),
    placeholderData: keepPreviousData,
  })
}

/** The cards of one column, page by page. */
export function useColumn(object: string, column: BoardColumn, filter: string, sort: string) {
  const pages = useInfiniteQuery({
    queryKey: columnKey(object, filter, column.choice),
    queryFn: ({ pageParam }) =>
      call<CardPage>('GET', `/records/${object}`, { query: { filter: filter ? `(${filter}) AND ${column.filter}` : column.filter, sort, limit: cards, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  })
  return {
    rows: pages.data?.pages.flatMap(({ items }) => items) ?? [],
    ready: pages.isSuccess,
    more: pages.hasNextPage,
    loading: pages.isFetchingNextPage,
    load: () => void pages.fetchNextPage(),
  }
}

/** Moves a card at once and asks the server then; a refusal puts it back. */
export function useMove(object: string, group: string, filter: string) {
  const client = useQueryClient()
  const pagesOf = (choice: string) => columnKey(object, filter, choice)
  return useMutation({
    mutationFn: ({ id, to, fields }: Move) => call('PATCH', `/records/${object}/${id}`, { body: { [group]: to || null, ...fields } }),
    onMutate: async (move: Move) => {
      await client.cancelQueries({ queryKey: [...keys.records(object), 'board'] })
      const from = client.getQueryData<InfiniteData<CardPage>>(pagesOf(move.from))
      const to = client.getQueryData<InfiniteData<CardPage>>(pagesOf(move.to))
      const card = from && cardOf(from.pages, move.id)
      if (!from || !to) return { card }
      const after = moved(from.pages, to.pages, move.id)
      client.setQueryData(pagesOf(move.from), { ...from, pages: after.from })
      client.setQueryData(pagesOf(move.to), { ...to, pages: after.to })
      return { card }
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.records(object) }),
  })
}
