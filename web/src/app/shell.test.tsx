// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import i18next from 'i18next'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import * as setup from '@/i18n/setup'
import { leadObject, monday, sessionOf } from '@/testing/company'
import { later, noAnswer, refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { Missing } from './missing'
import { Shell } from './shell'

const sources: FakeSource[] = []

/** The live stream, as a browser has it; a test speaks through it. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 1
  constructor(readonly url: string) {
    super()
    sources.push(this)
  }
  close() {
    this.readyState = FakeSource.CLOSED
  }
  say(kind: string, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }))
  }
}

const alerts = { kinds: ['assigned'], off: [], quiet: false, working: true }
const message = (id: string, text: string, more = {}) => ({ id, kind: 'assigned', at: monday, urgent: false, text, read: false, ...more })

const shell = (session = sessionOf(), routes: Routes = {}, at = '/start') => {
  sources.length = 0
  vi.stubGlobal('EventSource', FakeSource)
  return show(<Shell />, {
    at,
    routes: {
      'GET /session': session,
      'PATCH /session': {},
      'DELETE /session': undefined,
      'GET /inbox': { items: [], unread: 0 },
      'GET /inbox/count': { unread: 0 },
      'GET /alerts': alerts,
      'GET /operations': { items: [], next_cursor: null },
      'GET /pins': { items: [{ object: 'lead', id: 'l-7', label: 'Borui' }, { object: 'lead', id: 'l-8', label: '' }] },
      ...routes,
    },
  })
}
const menu = () => within(screen.getAllByRole('navigation', { name: 'Main menu' })[0])
const entries = () => menu().getAllByRole('link').map((one) => one.textContent)

describe('the menu', () => {
  test('shows a seller what a seller may see: the lists, and nothing to run the company by', async () => {
    await shell()
    await waitFor(() => expect(entries()).toEqual(['Home', 'To do', 'Calendar', 'Leads', 'Inbox', 'Borui', '(untitled)']))
  })

  test('grows with the rights, and leaves out what one may not read', async () => {
    const objects = [leadObject(), leadObject({ name: 'company', plural: 'Companies' }), leadObject({ name: 'ticket', plural: 'Tickets', can: { create: false, read: false, update: false, delete: false } }), leadObject({ name: 'machine', plural: 'Machines' })]
    await shell(sessionOf({ can: ['dashboard.read', 'users.read', 'config.write', 'audit.read'] }), { 'GET /catalog': { objects } })
    await waitFor(() => expect(entries().slice(0, -2)).toEqual(['Home', 'To do', 'Calendar', 'Leads', 'Companies', 'Machines', 'Inbox', 'Dashboard', 'People', 'Setup', 'Audit']))
  })

  test('offers a new lead on the phone to those alone who may make one', async () => {
    await shell(sessionOf(), { 'GET /catalog': { objects: [leadObject({ can: { create: false, read: true, update: true, delete: false } })] } })
    await waitFor(() => expect(entries()).toContain('Leads'))
    expect(screen.queryByRole('link', { name: 'New' })).toBeNull()
  })

  test('keeps what was pinned one tap away', async () => {
    await shell()
    expect((await screen.findByRole('link', { name: 'Borui' })).getAttribute('href')).toBe('/o/lead/l-7')
  })

  test('can be passed over by the first stop of the keyboard', async () => {
    const { user } = await shell()
    await screen.findByRole('link', { name: 'Skip to content' })
    await user.tab()
    expect(document.activeElement?.textContent).toBe('Skip to content')
    expect(document.activeElement?.getAttribute('href')).toBe('#content')
    expect(document.getElementById('content')?.tabIndex).toBe(-1)
  })
})

/** Has Chinese learned in this way; the other language is there. */
function learnChinese(way: () => Promise<unknown>) {
  const { speak } = setup
  return vi.spyOn(setup, 'speak').mockImplementation(async (language) => {
    if (language !== 'en') await way()
    await speak(language)
  })
}
const cannot = () => Promise.reject(new Error('Not to be had'))

describe('somebody', () => {
  afterEach(() => vi.restoreAllMocks())

  test('logs out, and what was read is gone', async () => {
    const scene = await shell()
    await scene.user.click(await screen.findByRole('button', { name: /Account/ }))
    expect(screen.getByRole('menu').textContent).toContain('Sales')
    await scene.user.click(screen.getByRole('menuitem', { name: 'Log out' }))
    await arrivedAt(scene, '/login')
    expect(scene.edge.asked('DELETE /session')).toHaveLength(1)
  })

  test('chooses a language, which holds at once and is remembered by the server', async () => {
    const { edge, user } = await shell()
    const chooser = await screen.findByRole('button', { name: 'Language' })
    edge.answer('GET /session', sessionOf({ user: { language: 'zh-CN' } }))
    await user.click(chooser)
    await user.click(screen.getByRole('menuitem', { name: '中文' }))
    await waitFor(() => expect(document.documentElement.lang).toBe('zh-CN'))
    await waitFor(() => expect(edge.last('PATCH /session').body).toEqual({ language: 'zh-CN' }))
    expect((await screen.findAllByRole('link', { name: '工作台' })).length).toBeGreaterThan(0)
  })

  test('whose profile has another language than the browser reads in that', async () => {
    await shell(sessionOf({ user: { language: 'zh-CN' } }))
    await waitFor(() => expect(i18next.language).toBe('zh-CN'))
  })

  test('whose profile has another language than the browser sees no text before that is learned', async () => {
    const learned = later<undefined>()
    const speak = learnChinese(learned.answer)
    const seen = new Set<string>()
    const watch = new MutationObserver(() => seen.add(document.body.textContent ?? ''))
    watch.observe(document.body, { childList: true, subtree: true, characterData: true })
    await shell(sessionOf({ user: { language: 'zh-CN' } }), {}, '/start')
    onTestFinished(() => watch.disconnect())
    await waitFor(() => expect(speak).toHaveBeenCalledWith('zh-CN'))
    expect(screen.queryByRole('navigation')).toBeNull()
    learned.give(undefined)
    expect((await screen.findAllByRole('link', { name: '工作台' })).length).toBeGreaterThan(0)
    expect([...seen].filter((text) => text.includes('Home'))).toEqual([])
  })

  test('whose language cannot be learned reads in the browser’s, and is told', async () => {
    learnChinese(cannot)
    await shell(sessionOf({ user: { language: 'zh-CN' } }))
    expect(await screen.findByText('Not to be had')).toBeDefined()
    await waitFor(() => expect(entries()).toContain('Home'))
  })

  test('who chooses a language that cannot be learned is told, and keeps the old one', async () => {
    const { edge, user } = await shell()
    await user.click(await screen.findByRole('button', { name: 'Language' }))
    learnChinese(cannot)
    await user.click(screen.getByRole('menuitem', { name: '中文' }))
    expect(await screen.findByText('Not to be had')).toBeDefined()
    expect(edge.asked('PATCH /session')).toEqual([])
    expect(entries()).toContain('Home')
  })

  test('who has to change the password first sees nothing else', async () => {
    await shell(sessionOf({ duty: 'password' }))
    expect(await screen.findByRole('heading', { name: 'Change your password' })).toBeDefined()
    expect(screen.queryByRole('navigation')).toBeNull()
    expect(sources).toEqual([])
  })

  test('whose role needs a second factor is told until when', async () => {
    await shell(sessionOf({ factor_due: '2026-11-29T20:00:00Z' }))
    expect((await screen.findByText(/Your role needs a second factor by November 30, 2026/)).querySelector('a')?.getAttribute('href')).toBe('/me')
  })

  test('before whom the server cannot be reached can try again', async () => {
    const scene = await shell(sessionOf(), { 'GET /session': noAnswer })
    await screen.findByText(/The server cannot be reached/)
    scene.edge.answer('GET /session', sessionOf())
    await scene.user.click(screen.getByRole('button', { name: 'Try again' }))
    expect((await screen.findAllByRole('navigation')).length).toBeGreaterThan(0)
  })
})

describe('messages', () => {
  test('are counted on the bell and in the title', async () => {
    await shell(sessionOf(), { 'GET /inbox/count': { unread: 3 }, 'GET /inbox': { items: [], unread: 3 } })
    expect((await screen.findByRole('link', { name: 'Inbox, 3 unread messages' })).textContent).toBe('3')
    await waitFor(() => expect(document.title).toMatch(/^\(3\)/))
  })

  test('beyond ninety-nine are not counted out', async () => {
    await shell(sessionOf(), { 'GET /inbox/count': { unread: 240 }, 'GET /inbox': { items: [], unread: 240 } })
    expect((await screen.findByRole('link', { name: 'Inbox, 240 unread messages' })).textContent).toBe('99+')
  })

  test('that come while the app is open are announced once; those that were there are not', async () => {
    const inbox = { items: [message('m-1', 'Old news')], unread: 1 }
    const { edge } = await shell(sessionOf(), { 'GET /inbox': inbox, 'GET /inbox/count': { unread: 1 } })
    await waitFor(() => expect(edge.asked('GET /inbox').length).toBeGreaterThan(0))
    await screen.findByRole('link', { name: /1 unread/ })
    expect(screen.queryByText('Old news')).toBeNull()
    edge.answer('GET /inbox', { items: [message('m-2', 'A new lead'), message('m-1', 'Old news')], unread: 2 })
    edge.answer('GET /inbox/count', { unread: 2 })
    await waitFor(() => expect(sources).toHaveLength(1))
    act(() => sources[0].say('inbox'))
    expect(await screen.findByText('A new lead')).toBeDefined()
    expect(screen.queryByText('Old news')).toBeNull()
  })
})

describe('the demo’s clock', () => {
  const demo = sessionOf({ company: { demo: true } })

  test('is there in the demo alone', async () => {
    await shell()
    await screen.findAllByRole('navigation')
    expect(screen.queryByRole('group', { name: 'Time machine' })).toBeNull()
  })

  test('tells the business time of the company, and moves on', async () => {
    const { edge, user } = await shell(demo, { 'POST /demo/advance': ({ body }: Asked) => ({ now: monday, fired: (body as { hours: number }).hours === 24 ? 1 : 7 }) })
    const machine = within(await screen.findByRole('group', { name: 'Time machine' }))
    expect(machine.getByText(/Mon.*11\/23.*10:00/)).toBeDefined()
    await user.click(machine.getByRole('button', { name: '+1 day' }))
    expect(await screen.findByText('Time moved on; 1 record had a deadline checked')).toBeDefined()
    expect(edge.last('POST /demo/advance').body).toEqual({ hours: 24 })
  })

  test('that may not be moved says why', async () => {
    const { user } = await shell(demo, { 'POST /demo/advance': refusal(429, 'slow_down', 'Wait a little') })
    await user.click(within(await screen.findByRole('group', { name: 'Time machine' })).getByRole('button', { name: '+30 min' }))
    expect(await screen.findByText('Wait a little')).toBeDefined()
  })
})

describe('keys that mean the same everywhere', () => {
  test('g and a letter lead on, and not while something is typed', async () => {
    const scene = await shell()
    await waitFor(() => expect(entries()).toContain('Leads'))
    const box = document.body.appendChild(document.createElement('input'))
    fireEvent.keyDown(box, { key: 'g' })
    fireEvent.keyDown(box, { key: 'l' })
    expect(scene.address()).toBe('/start')
    box.remove()
    await scene.user.keyboard('gl')
    await arrivedAt(scene, '/leads')
  })

  test('a letter with Ctrl is the browser’s', async () => {
    const scene = await shell()
    await screen.findAllByRole('navigation')
    await scene.user.keyboard('{Control>}g{/Control}l')
    expect(scene.address()).toBe('/start')
  })
})

test('an address that leads nowhere says so in words, and leads home', async () => {
  const scene = await show(<Missing />, { at: '/no/such/page' })
  expect((await screen.findAllByText('There is no such page')).map(({ tagName }) => tagName).toSorted()).toEqual(['H1', 'P'])
  await scene.user.click(screen.getByRole('link', { name: 'Back to home' }))
  await arrivedAt(scene, '/home')
})
