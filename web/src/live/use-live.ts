import { useQueryClient, type Query, type QueryClient, type QueryFilters } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** Changes of this time are asked for together, in milliseconds. */
const gather = 500

/** A record that changed. */
export interface Changed {
  object: string
  id: string
}

/** Whether a cached answer may be other than before: the record itself, and any list of its object. */
export function touchedBy(changed: Changed[]): (query: Pick<Query, 'queryKey'>) => boolean {
  const objects = new Set(changed.map(({ object }) => object))
  const ids = new Set(changed.map(({ id }) => id))
  return ({ queryKey: [kind, object, name] }) => kind === 'records' && objects.has(String(object)) && (name === undefined || name === 'list' || ids.has(String(name)))
}

/**
 * Asks again what matches. An answer on its way is waited for, and asked for once more: news that come faster than
 * answers would else overtake every one of them, and the first answer of all may be older than the news.
 */
function askAgain(client: QueryClient, filters: QueryFilters): void {
  for (const query of client.getQueryCache().findAll(filters)) {
    const renew = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false })
    if (query.state.fetchStatus === 'idle') void renew()
    else void Promise.resolve(query.promise).then(renew, renew)
  }
}

function follow(source: EventSource, client: QueryClient, refused: () => void): () => void {
  let waiting: Changed[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    const changed = waiting
    waiting = []
    timer = undefined
    askAgain(client, { predicate: touchedBy(changed) })
    askAgain(client, { queryKey: keys.home })
    askAgain(client, { queryKey: keys.agenda })
  }
  source.addEventListener('change', (event: MessageEvent<string>) => {
    waiting.push(JSON.parse(event.data) as Changed)
    timer ??= setTimeout(flush, gather)
  })
  source.addEventListener('inbox', () => askAgain(client, { queryKey: keys.inbox }))
  source.addEventListener('figures', () => {
    askAgain(client, { queryKey: keys.dashboards })
    askAgain(client, { queryKey: keys.channels })
  })
  source.addEventListener('operation', () => askAgain(client, { queryKey: [...keys.operations, 'list'] }))
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) refused()
  })
  source.addEventListener('resync', () => askAgain(client, {}))
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

/** How long to wait before a stream that was refused is tried again, in milliseconds. */
const pause = 3_000

/** A browser gives a refused stream up: who is logged in is asked first, which lets a person log in anew. */
function keepFollowing(client: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = () => {}
  let over = false
  const again = () => {
    stop()
    void call('GET', '/session')
      .catch(() => undefined)
      .then(() => {
        if (!over) timer = setTimeout(start, pause)
      })
  }
  const start = () => {
    stop = follow(new EventSource('/api/v1/live'), client, again)
  }
  start()
  return () => {
    over = true
    clearTimeout(timer)
    stop()
  }
}

/** Keeps what is on the screen up to date while somebody is logged in. */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => keepFollowing(client), [client])
}
