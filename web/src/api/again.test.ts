import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askToLogInAgain, loggedInAgain } from './again'
import { call, keepToken, Problem } from './call'

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: 'en' } })
  vi.stubGlobal('location', { pathname: '/login' })
})

afterEach(() => {
  askToLogInAgain(undefined)
  vi.unstubAllGlobals()
})

const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status })

test('one log-in serves all requests that met the end of the session, each with the new token', async () => {
  let signedIn = false
  const sent: string[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const token = (init.headers as Record<string, string>)['X-CSRF-Token'] ?? ''
    sent.push(`${init.method} ${path} ${token} ${String(init.body ?? '')}`)
    return signedIn ? answer(200, { path }) : answer(401, { code: 'unauthorized' })
  })
  let asked = 0
  keepToken('old')
  askToLogInAgain(async () => {
    asked++
    await Promise.resolve()
    signedIn = true
    keepToken('new')
  })
  const done = await Promise.all([call('POST', '/a', { body: { text: 'typed' } }), call<{ path: string }>('GET', '/b')])
  expect(done[1].path).toBe('/api/v1/b')
  expect(asked).toBe(1)
  expect(sent).toContain('POST /api/v1/a new {"text":"typed"}')
})

test('a log-in that is refused asks for no log-in', async () => {
  vi.stubGlobal('fetch', async () => answer(401, { code: 'bad_credentials' }))
  let asked = 0
  askToLogInAgain(async () => {
    asked++
  })
  await expect(call('POST', '/session', { body: {} })).rejects.toBeInstanceOf(Problem)
  await expect(call('POST', '/session/factor', { body: {} })).rejects.toBeInstanceOf(Problem)
  expect(asked).toBe(0)
})

test('a request is sent again once, not for ever', async () => {
  let sent = 0
  vi.stubGlobal('fetch', async () => {
    sent++
    return answer(401, { code: 'unauthorized' })
  })
  askToLogInAgain(async () => {})
  await expect(call('GET', '/b')).rejects.toBeInstanceOf(Problem)
  expect(sent).toBe(2)
})

test('without anybody to ask there is no waiting', async () => {
  expect(await loggedInAgain()).toBe(false)
})
