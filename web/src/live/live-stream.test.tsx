// @vitest-environment jsdom
import { useQuery } from '@tanstack/react-query'
import { act, cleanup, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { show } from '@/testing/show'
import { later, noAnswer, refusal } from '@/testing/edge'
import { useLive } from './use-live'

/** The stream as the browser has it; the test is the server. */
class Stream extends EventTarget {
  static readonly CLOSED = 2
  static all: Stream[] = []
  readyState = 1
  constructor(readonly url: string) {
    super()
    Stream.all.push(this)
  }
  close() {
    this.readyState = Stream.CLOSED
  }
  tell(name: string, data: object = {}) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }
  refuse() {
    this.readyState = Stream.CLOSED
    this.dispatchEvent(new Event('error'))
  }
}

beforeEach(() => {
  Stream.all = []
  vi.stubGlobal('EventSource', Stream)
})

const watched: [string, readonly unknown[], string][] = [
  ['lead', keys.record('lead', '1'), '/records/lead/1'],
  ['other', keys.record('lead', '2'), '/records/lead/2'],
  ['leads', keys.list('lead', {}), '/records/lead'],
  ['tickets', keys.list('ticket', {}), '/records/ticket'],
  ['home', keys.home, '/home'],
  ['agenda', keys.agenda, '/agenda'],
  ['inbox', keys.unread, '/inbox'],
  ['figures', keys.dashboard('lead-health', {}), '/dashboards/lead-health'],
  ['channels', keys.channels, '/channels'],
  ['operations', [...keys.operations, 'list', 5], '/operations'],
]

function Watch({ name, queryKey, path }: { name: string; queryKey: readonly unknown[]; path: string }) {
  const { data } = useQuery({ queryKey, queryFn: () => call<{ text?: string }>('GET', path) })
  return <p data-testid={name}>{data?.text}</p>
}

function Page() {
  useLive()
  return (
    <>
      <p>page</p>
      {watched.map(([name, queryKey, path]) => (
        <Watch key={name} name={name} queryKey={queryKey} path={path} />
      ))}
    </>
  )
}

const opened = async () => {
  const scene = await show(<Page />, { routes: Object.fromEntries(watched.map(([, , path]) => [`GET ${path}`, {}])) })
  await screen.findByText('page')
  await waitFor(() => expect(scene.edge.requests.length).toBeGreaterThanOrEqual(watched.length))
  const before = scene.edge.requests.length
  return { ...scene, stream: Stream.all[0], asked: () => scene.edge.requests.slice(before).map(({ path }) => watched.find(([, , one]) => one === path)?.[0] ?? path).toSorted() }
}

test('one stream is opened, and closed with the page', async () => {
  const { stream } = await opened()
  expect(Stream.all.map(({ url }) => url)).toEqual(['/api/v1/live'])
  cleanup()
  expect(stream.readyState).toBe(Stream.CLOSED)
})

describe('what is told is asked again', () => {
  test.each<[string, object, string[]]>([
    ['change', { object: 'lead', id: '1' }, ['agenda', 'home', 'lead', 'leads']],
    ['change', { object: 'ticket', id: '9' }, ['agenda', 'home', 'tickets']],
    ['inbox', {}, ['inbox']],
    ['figures', {}, ['channels', 'figures']],
    ['operation', {}, ['operations']],
    ['something new', {}, []],
  ])('%s %j', async (name, data, expected) => {
    const { stream, asked } = await opened()
    stream.tell(name, data)
    await waitFor(() => expect(asked()).toEqual(expected))
  })

  test('all of it after a gap in the stream', async () => {
    const { stream, asked } = await opened()
    stream.tell('resync')
    await waitFor(() => expect(asked()).toHaveLength(watched.length))
  })

  test('many changes at once only once', async () => {
    const { stream, asked } = await opened()
    for (let n = 0; n < 50; n++) stream.tell('change', { object: 'lead', id: n % 2 ? '1' : '2' })
    await waitFor(() => expect(asked()).toEqual(['agenda', 'home', 'lead', 'leads', 'other']))
    await new Promise((done) => setTimeout(done, 50))
    expect(asked()).toHaveLength(5)
  })
})

describe('an answer that takes longer than the next news', () => {
  const reads = (name: string, text: string) => waitFor(() => expect(screen.getByTestId(name).textContent).toBe(text))
  const pass = () => new Promise((done) => setTimeout(done, 20))

  test('is read when it comes, and asked once more for what was told meanwhile', async () => {
    const { stream, edge } = await opened()
    const first = later<object>()
    const before = edge.asked('GET /operations').length
    edge.answer('GET /operations', first.answer)
    for (let n = 0; n < 5; n++) {
      stream.tell('operation')
      await pass()
    }
    expect(edge.asked('GET /operations')).toHaveLength(before + 1)
    const second = later<object>()
    edge.answer('GET /operations', second.answer)
    act(() => first.give({ text: '40 of 102' }))
    await reads('operations', '40 of 102')
    await waitFor(() => expect(edge.asked('GET /operations')).toHaveLength(before + 2))
    act(() => second.give({ text: '102 of 102' }))
    await reads('operations', '102 of 102')
    await pass()
    expect(edge.asked('GET /operations')).toHaveLength(before + 2)
  })

  test('is asked once more also when it is the first, or none came', async () => {
    const first = later<object>()
    const scene = await show(<Page />, { routes: { ...Object.fromEntries(watched.map(([, , path]) => [`GET ${path}`, {}])), 'GET /records/lead/1': first.answer, 'GET /operations': noAnswer } })
    await waitFor(() => expect(scene.edge.asked('GET /records/lead/1')).toHaveLength(1))
    Stream.all[0].tell('change', { object: 'lead', id: '1' })
    await new Promise((done) => setTimeout(done, 600))
    scene.edge.answer('GET /records/lead/1', { text: 'after' })
    first.give({ text: 'before' })
    await reads('lead', 'after')
    scene.edge.answer('GET /operations', { text: 'done' })
    Stream.all[0].tell('operation')
    await reads('operations', 'done')
  })
})

describe('a stream that is refused', () => {
  test('is opened anew once it is known who is logged in', async () => {
    const { stream, edge } = await opened()
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      stream.refuse()
      await waitFor(() => expect(edge.asked('GET /session')).toHaveLength(1))
      await vi.advanceTimersByTimeAsync(3100)
      expect(Stream.all).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is tried again even when the server does not answer', async () => {
    const { stream, edge } = await opened()
    edge.answer('GET /session', refusal(503, 'busy', 'Not now'))
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      stream.refuse()
      await waitFor(() => expect(edge.asked('GET /session')).toHaveLength(1))
      await vi.advanceTimersByTimeAsync(3100)
      expect(Stream.all).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is left to the browser while it tries by itself', async () => {
    const { stream, edge } = await opened()
    stream.dispatchEvent(new Event('error'))
    await new Promise((done) => setTimeout(done, 30))
    expect(edge.asked('GET /session')).toHaveLength(0)
    expect(Stream.all).toHaveLength(1)
  })

  test('is not opened again by a page that is gone', async () => {
    const { stream } = await opened()
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      stream.refuse()
      cleanup()
      await vi.advanceTimersByTimeAsync(4000)
      expect(Stream.all).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })
})
