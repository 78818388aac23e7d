// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from 'vitest'
import { call } from './call'
import { earlyAnswer } from './early'
import { openEdge } from '@/testing/edge'

const answers = (found: Record<string, unknown>) => Object.fromEntries(Object.entries(found).map(([path, body]) => [path, Promise.resolve(body === undefined ? undefined : Response.json(body))]))

afterEach(() => {
  globalThis.firstRequests = undefined
  vi.useRealTimers()
})

describe('what was asked for before the code came', () => {
  test('is taken once', async () => {
    globalThis.firstRequests = { at: performance.now(), answers: answers({ '/session': { name: 'early' } }) }
    expect(await (await earlyAnswer('GET', '/session'))?.json()).toEqual({ name: 'early' })
    expect(await earlyAnswer('GET', '/session')).toBeUndefined()
  })

  test('answers reads only', async () => {
    globalThis.firstRequests = { at: performance.now(), answers: answers({ '/session': {} }) }
    expect(await earlyAnswer('DELETE', '/session')).toBeUndefined()
    expect(await earlyAnswer('GET', '/session')).toBeDefined()
  })

  test('is forgotten when nobody took it in time', async () => {
    globalThis.firstRequests = { at: performance.now() - 10_001, answers: answers({ '/catalog': {} }) }
    expect(await earlyAnswer('GET', '/catalog')).toBeUndefined()
  })

  test('comes too late once the app has asked by itself', async () => {
    expect(await earlyAnswer('GET', '/session')).toBeUndefined()
    expect(globalThis.firstRequests).toEqual({ at: 0, answers: {} })
  })

  test('spares a request, and only the first', async () => {
    const edge = openEdge({ 'GET /home': { from: 'server' } })
    globalThis.firstRequests = { at: performance.now(), answers: answers({ '/home': { from: 'early' } }) }
    expect(await call('GET', '/home')).toEqual({ from: 'early' })
    expect(await call('GET', '/home')).toEqual({ from: 'server' })
    expect(edge.asked('GET /home')).toHaveLength(1)
  })

  test('that did not come is asked for again', async () => {
    const edge = openEdge({ 'GET /home': { from: 'server' } })
    globalThis.firstRequests = { at: performance.now(), answers: answers({ '/home': undefined }) }
    expect(await call('GET', '/home')).toEqual({ from: 'server' })
    expect(edge.asked('GET /home')).toHaveLength(1)
  })

  test('with a question behind it is another request', async () => {
    const edge = openEdge({ 'GET /home': { from: 'server' } })
    globalThis.firstRequests = { at: performance.now(), answers: answers({ '/home': { from: 'early' } }) }
    expect(await call('GET', '/home', { query: { all: '1' } })).toEqual({ from: 'server' })
    expect(edge.asked('GET /home')).toHaveLength(1)
  })

  test('that says no is a problem like any other', async () => {
    openEdge({})
    globalThis.firstRequests = { at: performance.now(), answers: { '/home': Promise.resolve(Response.json({ title: 'Not yours', code: 'forbidden' }, { status: 403 })) } }
    await expect(call('GET', '/home')).rejects.toMatchObject({ status: 403, code: 'forbidden', message: 'Not yours' })
  })
})
