import { expect, onTestFinished, vi } from 'vitest'

/** A request as the server would get it. */
export interface Asked {
  method: string
  /** After /api/v1. */
  path: string
  query: Record<string, string>
  body: unknown
  headers: Headers
}

/** What a route answers: JSON, a whole response, a promise of either, or what a function makes of the request. */
export type Answer = unknown | ((asked: Asked, times: number) => unknown)

/** Routes by method and path; `:name` stands for any part of a path. */
export type Routes = Record<string, Answer>

/** An answer that has a status or headers of its own. */
export const reply = (status: number, body?: unknown, headers: Record<string, string> = {}): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

interface Fault {
  path: string
  code?: string
  message: string
  current?: unknown
}

/** An answer that says no, as RFC 9457 wants it. */
export const refusal = (status: number, code: string, detail: string, errors: Fault[] = [], more: Record<string, unknown> = {}) => (): Response =>
  reply(status, { type: 'about:blank', title: detail, status, code, detail, errors: errors.map((one) => ({ code, ...one })), ...more }, { 'Content-Type': 'application/problem+json' })

/** No answer at all, as without a network. */
export const noAnswer = (): never => {
  throw new TypeError('Failed to fetch')
}

/** An answer that waits until the test gives it. */
export function later<T>(): { answer: () => Promise<T>; give: (value: T) => void } {
  let give: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    give = resolve
  })
  return { answer: () => promise, give }
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:[a-z]+/gi, '[^/]+')}$`)

/** The server as the browser sees it: answers by a table, and remembers what it was asked. */
export class Edge {
  readonly requests: Asked[] = []
  readonly unexpected: string[] = []
  readonly #routes = new Map<string, { answer: Answer; times: number }>()

  constructor(routes: Routes) {
    for (const [route, answer] of Object.entries(routes)) this.answer(route, answer)
  }

  /** Answers a route from now on like this. */
  answer(route: string, answer: Answer): void {
    this.#routes.set(route, { answer, times: 0 })
  }

  /** The requests of a route, oldest first. */
  asked(route: string): Asked[] {
    const [method, path] = route.split(' ')
    return this.requests.filter((one) => one.method === method && patternOf(path).test(one.path))
  }

  /** The last request of a route. */
  last(route: string): Asked {
    const found = this.asked(route).at(-1)
    expect(found, `nobody asked ${route}`).toBeDefined()
    return found as Asked
  }

  #routeOf({ method, path }: Asked) {
    const exact = this.#routes.get(`${method} ${path}`)
    if (exact) return exact
    for (const [route, found] of this.#routes) {
      const [wanted, pattern] = route.split(' ')
      if (wanted === method && patternOf(pattern).test(path)) return found
    }
    return undefined
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), 'http://localhost')
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: url.pathname.replace(/^\/api\/v1/, ''),
      query: Object.fromEntries(url.searchParams),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      headers: new Headers(init.headers),
    }
    this.requests.push(asked)
    const route = this.#routeOf(asked)
    if (!route) {
      this.unexpected.push(`${asked.method} ${asked.path}`)
      return reply(501, { title: `no route for ${asked.method} ${asked.path}` })
    }
    const made: unknown = await (typeof route.answer === 'function' ? route.answer(asked, ++route.times) : route.answer)
    init.signal?.throwIfAborted()
    return made instanceof Response ? made.clone() : reply(made === undefined ? 204 : 200, made)
  }
}

/** Puts a server behind `fetch` until the test ends; a request that it does not know fails the test. */
export function openEdge(routes: Routes): Edge {
  const edge = new Edge(routes)
  vi.stubGlobal('fetch', edge.fetch)
  onTestFinished(() => expect(edge.unexpected, 'requests that no route of the test answers').toEqual([]))
  return edge
}
