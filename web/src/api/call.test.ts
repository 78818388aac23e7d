// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { noAnswer, openEdge, refusal, reply } from '@/testing/edge'
import { askToLogInAgain } from './again'
import { call, callForFile, callWithHeaders, keepToken, Problem } from './call'
import { download, downloadWith } from './download'
import { leftAlone, watchPresence } from './presence'

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as Problem,
  )

beforeEach(() => {
  history.replaceState(null, '', '/login') // a page that needs no session stays where it is
  document.documentElement.lang = 'zh-CN'
})

afterEach(() => {
  keepToken('')
  askToLogInAgain(undefined)
})

describe('a request', () => {
  test('goes to the API with the reader’s language, and gives back what came', async () => {
    const edge = openEdge({ 'GET /records/lead': { items: [1, 2] } })
    expect(await call('GET', '/records/lead', { query: { filter: 'score > 3', cursor: '' } })).toEqual({ items: [1, 2] })
    const asked = edge.last('GET /records/lead')
    expect(asked.query).toEqual({ filter: 'score > 3' })
    expect(asked.headers.get('Accept-Language')).toBe('zh-CN')
    expect(asked.headers.get('Content-Type')).toBeNull()
  })

  test('keeps signs that mean something in addresses', async () => {
    const edge = openEdge({ 'GET /search': {} })
    await call('GET', '/search', { query: { q: 'a&b=c #1 +86 张' } })
    expect(edge.last('GET /search').query.q).toBe('a&b=c #1 +86 张')
  })

  test.each([
    ['GET', null],
    ['POST', 't-1'],
    ['PUT', 't-1'],
    ['PATCH', 't-1'],
    ['DELETE', 't-1'],
  ])('%s carries the token where it may change something', async (method, token) => {
    keepToken('t-1')
    const edge = openEdge({ [`${method} /x`]: {} })
    await call(method, '/x')
    expect(edge.last(`${method} /x`).headers.get('X-CSRF-Token')).toBe(token)
  })

  test('without a session carries none', async () => {
    keepToken(undefined)
    const edge = openEdge({ 'POST /session': {} })
    await call('POST', '/session', { body: {} })
    expect(edge.last('POST /session').headers.has('X-CSRF-Token')).toBe(false)
  })

  test.each([[{ a: 1 }], [[]], [null], [false], [0], ['']])('sends the body %j as JSON', async (body) => {
    const edge = openEdge({ 'POST /x': {} })
    await call('POST', '/x', { body })
    expect(edge.last('POST /x').body).toEqual(body)
    expect(edge.last('POST /x').headers.get('Content-Type')).toBe('application/json')
  })

  test('whose answer is empty gives nothing', async () => {
    openEdge({ 'DELETE /x': reply(204) })
    expect(await call('DELETE', '/x')).toBeUndefined()
  })

  test('tells what the headers say', async () => {
    openEdge({ 'GET /x': reply(200, { a: 1 }, { ETag: '"7"' }) })
    const { data, headers } = await callWithHeaders('GET', '/x', { headers: { 'If-None-Match': '"6"' } })
    expect([data, headers.get('ETag')]).toEqual([{ a: 1 }, '"7"'])
  })
})

describe('an answer that says no', () => {
  test('tells the status, the code, the words and each field', async () => {
    openEdge({ 'POST /x': refusal(422, 'invalid', 'Please correct the marked fields', [{ path: 'phone', code: 'bad_phone', message: 'No such number', current: '12' }]) })
    const problem = await failureOf(call('POST', '/x'))
    expect(problem).toBeInstanceOf(Problem)
    expect([problem.status, problem.code, problem.message]).toEqual([422, 'invalid', 'Please correct the marked fields'])
    expect(problem.errors).toEqual([{ path: 'phone', code: 'bad_phone', message: 'No such number', current: '12' }])
  })

  test('keeps what else it says', async () => {
    openEdge({ 'POST /session': refusal(423, 'locked', 'Wait', [], { retry_after: 90 }) })
    expect((await failureOf(call('POST', '/session'))).body.retry_after).toBe(90)
  })

  test.each([
    ['its title where there is no detail', { title: 'Conflict' }, 'Conflict'],
    ['its detail before its title', { title: 'Conflict', detail: 'Chen was quicker' }, 'Chen was quicker'],
    ['its status where there is neither', {}, '409'],
  ])('says %s', async (_, body, words) => {
    openEdge({ 'POST /x': reply(409, body) })
    expect((await failureOf(call('POST', '/x'))).message).toBe(words)
  })

  test('of something between that speaks HTML is a Problem too', async () => {
    openEdge({ 'GET /x': new Response('<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' }) })
    const problem = await failureOf(call('GET', '/x'))
    expect([problem.status, problem.code, problem.message, problem.errors]).toEqual([502, '', 'Bad Gateway', []])
  })

  test('without a body has the words of its status', async () => {
    openEdge({ 'GET /x': new Response(null, { status: 503, statusText: 'Service Unavailable' }) })
    expect((await failureOf(call('GET', '/x'))).message).toBe('Service Unavailable')
  })

  test('that never comes is a Problem of status 0', async () => {
    openEdge({ 'GET /x': noAnswer })
    const problem = await failureOf(call('GET', '/x'))
    expect([problem.status, problem.code]).toEqual([0, 'offline'])
  })

  test('to a request that was given up is no Problem', async () => {
    const stop = new AbortController()
    openEdge({
      'GET /search': () => {
        stop.abort()
        throw new TypeError('aborted')
      },
    })
    expect(await failureOf(call('GET', '/search', { signal: stop.signal }))).not.toBeInstanceOf(Problem)
  })
})

describe('a session that ended', () => {
  const ended = () => {
    let inside = false
    const edge = openEdge({ 'POST /x': () => (inside ? { saved: true } : refusal(401, 'signed_out', 'Please log in')()), 'GET /x': () => (inside ? { read: true } : refusal(401, 'signed_out', 'Please log in')()) })
    return { edge, logIn: () => (inside = true) }
  }

  test('is asked for anew over the page, and what was sent goes on', async () => {
    const { edge, logIn } = ended()
    askToLogInAgain(async () => {
      logIn()
      keepToken('t-2')
    })
    expect(await call('POST', '/x', { body: { text: 'typed' } })).toEqual({ saved: true })
    const [first, second] = edge.asked('POST /x')
    expect([first.body, second.body]).toEqual([{ text: 'typed' }, { text: 'typed' }])
    expect(second.headers.get('X-CSRF-Token')).toBe('t-2')
  })

  test('that several requests meet is asked for once', async () => {
    const { logIn } = ended()
    const ask = vi.fn(async () => {
      await Promise.resolve()
      logIn()
    })
    askToLogInAgain(ask)
    expect(await Promise.all([call('GET', '/x'), call('POST', '/x'), call('GET', '/x')])).toEqual([{ read: true }, { saved: true }, { read: true }])
    expect(ask).toHaveBeenCalledTimes(1)
  })

  test.each([['/session'], ['/session/factor']])('is not what a refused POST %s says', async (path) => {
    openEdge({ [`POST ${path}`]: refusal(401, 'bad_credentials', 'Wrong') })
    const ask = vi.fn(async () => {})
    askToLogInAgain(ask)
    expect((await failureOf(call('POST', path))).code).toBe('bad_credentials')
    expect(ask).not.toHaveBeenCalled()
  })

  test('that still is none after that says no', async () => {
    const { edge } = ended()
    askToLogInAgain(async () => {})
    expect((await failureOf(call('GET', '/x'))).status).toBe(401)
    expect(edge.asked('GET /x')).toHaveLength(2)
  })
})

describe('a file', () => {
  test('comes with its name, whatever the language', async () => {
    openEdge({ 'POST /exports': new Response('a,b', { headers: { 'Content-Disposition': `attachment; filename="x.csv"; filename*=UTF-8''${encodeURIComponent('线索 1.csv')}` } }) })
    const { file, name } = await callForFile('POST', '/exports', { body: {} })
    expect([await file.text(), name]).toEqual(['a,b', '线索 1.csv'])
  })

  test('that is refused tells why', async () => {
    openEdge({ 'POST /exports': refusal(403, 'forbidden', 'You may not export') })
    expect((await failureOf(callForFile('POST', '/exports'))).message).toBe('You may not export')
  })

  test('is handed to the browser once the question was found good', async () => {
    const clicked: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
      clicked.push(this.getAttribute('href') ?? '')
    })
    const edge = openEdge({ 'HEAD /export': reply(200) })
    await download('/export', { filter: 'a = "b&c"', sort: '' })
    expect(edge.asked('HEAD /export')).toHaveLength(1)
    expect(clicked).toEqual(['/api/v1/export?filter=a+%3D+%22b%26c%22'])
  })

  test('that may not be asked for is not begun', async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    click.mockClear()
    openEdge({ 'HEAD /export': reply(422, undefined) })
    expect((await failureOf(download('/export', {}))).status).toBe(422)
    expect(click).not.toHaveBeenCalled()
  })

  test('asked for with a body is saved under its name', async () => {
    const saved: string[] = []
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
      saved.push(this.download)
    })
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: () => {} }))
    openEdge({ 'POST /exports': new Response('x', { headers: { 'Content-Disposition': `attachment; filename*=UTF-8''leads.xlsx` } }) })
    await downloadWith('/exports', { ids: ['1'] })
    expect(saved).toEqual(['leads.xlsx'])
  })
})

describe('a page that is left alone', () => {
  test('says so after a minute, and no longer once it is touched', async () => {
    const edge = openEdge({ 'GET /x': {} })
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      watchPresence()
      dispatchEvent(new Event('pointerdown'))
      expect(leftAlone()).toBe(false)
      await call('GET', '/x')
      vi.setSystemTime(Date.now() + 61_000)
      expect(leftAlone()).toBe(true)
      await call('GET', '/x')
      dispatchEvent(new Event('keydown'))
      await call('GET', '/x')
      expect(edge.asked('GET /x').map(({ headers }) => headers.get('X-Idle'))).toEqual([null, '1', null])
    } finally {
      vi.useRealTimers()
    }
  })
})
