// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { leadObject, sessionOf } from '@/testing/company'
import { later, refusal } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { HomePage } from './home-page'
import type { Block, Home } from './types'

const list = (more: Partial<Block> = {}): Block => ({ name: 'today', type: 'list', label: 'Due today', object: 'lead', count: 2, filter: 'next_due = TODAY()', sort: 'next_due', action: 'follow_up', items: [], ...more })
const home = (blocks: Block[], kind = 'sales'): Home => ({ kind, blocks })
const waiting = (id: string, company: string, more = {}) => ({ record: { id, company, contact: 'Ms Wang', source: 'dy', phone: '+8613800138000' }, last: null, ...more })

const shown = (told: Home, routes = {}) => show(<HomePage />, { at: '/home', routes: { 'GET /home': told, ...routes } })

describe('the heading', () => {
  test.each([
    ['2026-11-23T00:30:00Z', 'Good morning, Lin'],
    ['2026-11-23T03:59:00Z', 'Good morning, Lin'],
    ['2026-11-23T04:00:00Z', 'Good afternoon, Lin'],
    ['2026-11-23T10:00:00Z', 'Good evening, Lin'],
    ['2026-11-22T20:59:00Z', 'Good evening, Lin'],
  ])('at %s in the company’s zone says %s', async (now, greeting) => {
    await shown(home([list()]), { 'GET /session': sessionOf({ now }) })
    expect(await screen.findByRole('heading', { level: 1, name: greeting })).toBeDefined()
  })

  test('in Chinese greets in Chinese and names the day', async () => {
    await show(<HomePage />, { language: 'zh-CN', routes: { 'GET /home': home([list()]) } })
    expect(await screen.findByRole('heading', { level: 1, name: /^早上好/ })).toBeDefined()
    expect(screen.getByText(/11月23日/)).toBeDefined()
  })

  test('offers a new record to whoever may make one', async () => {
    await shown(home([list()]))
    expect((await screen.findByRole('link', { name: 'New lead' })).getAttribute('href')).toBe('/leads/new')
  })

  test('offers none to others', async () => {
    await shown(home([list()]), { 'GET /catalog': { objects: [leadObject({ can: { create: false, read: true, update: true, delete: false } })] } })
    await screen.findByRole('heading', { level: 1 })
    expect(screen.queryByRole('link', { name: 'New lead' })).toBeNull()
  })
})

describe('a list', () => {
  test('shows who waits, what was said last, and since when it is late', async () => {
    const items = [waiting('l-1', 'Borui', { overdue_minutes: 150, last: { at: '2026-11-22T03:00:00Z', text: 'Wants a quote' } }), waiting('l-2', 'Hengtai', { due_at: '2026-11-23T10:00:00Z' })]
    await shown(home([list({ items })]))
    const [late, due] = await screen.findAllByRole('listitem').then((all) => all.filter((one) => within(one).queryByRole('link', { name: /^Follow up/ })))
    expect(late.textContent).toContain('2 hours overdue')
    expect(late.textContent).toContain('Wants a quote yesterday 11:00')
    expect(due.textContent).toContain('Not contacted yet')
    expect(due.textContent).toContain('By today 18:00')
  })

  test('tells a choice by its label and a number as people read it', async () => {
    await shown(home([list({ items: [waiting('l-1', 'Borui')] })]))
    expect(await screen.findByText('Douyin')).toBeDefined()
    expect(screen.getByText('138 0013 8000').getAttribute('href')).toBe('tel:+8613800138000')
  })

  test('of the demo company calls nobody', async () => {
    await shown(home([list({ items: [waiting('l-1', 'Borui')] })]), { 'GET /session': sessionOf({ company: { demo: true } }) })
    expect((await screen.findByText('138 0013 8000')).closest('a')).toBeNull()
  })

  test('says what a customer named and how often, and keeps earlier words one tap away', async () => {
    const item = waiting('l-1', 'Borui', { last: { at: '2026-11-23T01:00:00Z', text: 'Called' }, earlier: [{ at: '2026-11-20T01:00:00Z', text: 'Wrote' }, { at: '2026-11-19T01:00:00Z', text: 'Met' }], mentions: [{ value: 'Grundfos', count: 3 }, { value: 'KSB', count: 1 }] })
    await shown(home([list({ items: [item] })]))
    expect(await screen.findByText('Grundfos ×3')).toBeDefined()
    expect(screen.getByText('KSB')).toBeDefined()
    expect(screen.getByText(/2 earlier/).closest('details')?.open).toBe(false)
  })

  test('opens the whole list with its filter and order', async () => {
    const scene = await shown(home([list({ count: 12, items: [waiting('l-1', 'Borui')] })]))
    await scene.user.click(await screen.findByRole('link', { name: 'All 12' }))
    await arrivedAt(scene, '/leads?filter=next_due+%3D+TODAY%28%29&sort=next_due')
  })

  test('of which only a part was counted says so', async () => {
    await shown(home([list({ count: 100, count_more: true, items: [waiting('l-1', 'Borui')] })]))
    expect(await screen.findByRole('link', { name: 'All 100+' })).toBeDefined()
  })

  test('leads from a record to its follow-up card', async () => {
    await shown(home([list({ items: [waiting('l-1', 'Borui')] })]))
    expect((await screen.findByRole('link', { name: 'Follow up Borui' })).getAttribute('href')).toBe('/o/lead/l-1#follow-up')
  })

  test('of a record without a name still has a way in', async () => {
    await shown(home([list({ items: [waiting('l-1', '')] })]))
    expect((await screen.findByRole('link', { name: '(no company)' })).getAttribute('href')).toContain('/o/lead/l-1')
  })
})

describe('claiming', () => {
  const claimable = home([list({ action: 'claim', count: 1, items: [waiting('l-1', 'Borui')] })])

  test('takes the record on and reads the page again', async () => {
    const { edge, user } = await shown(claimable, { 'POST /records/lead/l-1/claim': {} })
    await screen.findByRole('button', { name: 'Claim Borui' })
    edge.answer('GET /home', home([list({ count: 0 })]))
    await user.click(screen.getByRole('button', { name: 'Claim Borui' }))
    expect(await screen.findByText(/All of today's follow-ups are done/)).toBeDefined()
    expect(edge.last('POST /records/lead/l-1/claim').headers.get('X-CSRF-Token')).toBe('csrf-1')
  })

  test('that somebody else was quicker in says why, and keeps the page', async () => {
    const { user } = await shown(claimable, { 'POST /records/lead/l-1/claim': refusal(409, 'claimed', 'Chen claimed it a moment ago') })
    await user.click(await screen.findByRole('button', { name: 'Claim Borui' }))
    expect((await screen.findByText('Chen claimed it a moment ago')).closest('[role=alert]')).not.toBeNull()
    expect(screen.getByRole('button', { name: 'Claim Borui' })).toBeDefined()
  })

  test('is not asked twice by an impatient double tap', async () => {
    const gate = later<object>()
    const { edge, user } = await shown(claimable, { 'POST /records/lead/l-1/claim': gate.answer })
    const button = await screen.findByRole('button', { name: 'Claim Borui' })
    await user.click(button)
    await waitFor(() => expect(button).toHaveProperty('disabled', true))
    await user.click(button)
    expect(edge.asked('POST /records/lead/l-1/claim')).toHaveLength(1)
    gate.give({})
  })
})

describe('when nothing waits', () => {
  test.each([
    ['sales', /All of today's follow-ups are done/],
    ['manager', /Nothing is unassigned/],
    ['a role of the company', /Nothing waits for you/],
  ])('%s is told so in words of the role', async (kind, text) => {
    await shown(home([list({ count: 0 })], kind))
    expect(await screen.findByText(text)).toBeDefined()
    expect(screen.getByRole('link', { name: 'See all' }).getAttribute('href')).toBe('/leads')
  })

  test('the counts stay, as doors', async () => {
    await shown(home([list({ count: 0, alarm: true })]))
    expect((await screen.findByRole('link', { name: '0Due today' })).closest('[data-alarm]')).toBeNull()
  })

  test('a page without any block says that there is nothing to follow up', async () => {
    await shown(home([]))
    expect(await screen.findByText('There is nothing to follow up yet')).toBeDefined()
  })
})

describe('when the server fails', () => {
  test('the page says why, and trying again helps', async () => {
    const { edge, user } = await show(<HomePage />, { routes: { 'GET /home': refusal(503, 'busy', 'The database is being restored') } })
    expect(await screen.findByText('The database is being restored')).toBeDefined()
    edge.answer('GET /home', home([list({ items: [waiting('l-1', 'Borui')] })]))
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('link', { name: 'Follow up Borui' })).toBeDefined()
    expect(screen.queryByText('The database is being restored')).toBeNull()
  })

  test('while it is slow, the page says that it reads', async () => {
    const gate = later<Home>()
    await show(<HomePage />, { routes: { 'GET /home': gate.answer } })
    expect((await screen.findByText('Loading…')).getAttribute('role')).toBe('status')
    gate.give(home([]))
    expect(await screen.findByText('There is nothing to follow up yet')).toBeDefined()
  })
})

describe('the figures of a manager', () => {
  const person = (id: string, label: string, overdue: number, open: number) => ({ user: { id, label }, overdue, open, filter: `owner = "${id}"` })

  test('show first who is furthest behind, each a door', async () => {
    const people: Block = { name: 'team', type: 'people', label: 'My team', object: 'lead', count: 3, filter: '', people: [person('a', 'Ann', 0, 9), person('b', 'Bo', 4, 5), person('c', 'Cy', 0, 12), { ...person('', '', 1, 1), user: null }] }
    await shown(home([list(), people]))
    const table = (await screen.findByRole('heading', { name: 'My team' })).closest('section') as HTMLElement
    expect(within(table).getAllByRole('rowheader').map((one) => one.textContent)).toEqual(['Bo', 'Unassigned', 'Cy', 'Ann'])
    expect(within(table).getByRole('link', { name: 'Bo: 4 overdue' }).getAttribute('href')).toContain('/leads?filter=owner')
    expect(within(table).queryByRole('link', { name: /Ann/ })).toBeNull()
  })

  test('say so when nobody has anything', async () => {
    await shown(home([{ name: 'team', type: 'people', label: 'My team', object: 'lead', count: 0, filter: '' }]))
    expect(await screen.findByText('Nobody has open leads')).toBeDefined()
  })
})

describe('a heat map', () => {
  const heat: Block = { name: 'by-source', type: 'heat', label: 'Quality', object: 'lead', count: 0, filter: '' }
  const told = { since: '2026-10-01', rows: [{ key: 'dy', label: 'Douyin' }, { key: '', label: '' }], columns: [{ key: 'e', label: 'East' }], cells: [{ row: 'dy', column: 'e', count: 8, good: 2, filter: 'source = "dy"' }] }

  test('tells each cell in words and opens its list', async () => {
    await shown(home([heat]), { 'GET /home/heat/by-source': told })
    const cell = await screen.findByRole('link', { name: /^Douyin, East:\s*8\s*25 %.*2 good/ })
    expect(cell.getAttribute('href')).toBe('/leads?filter=source+%3D+%22dy%22')
    expect(screen.getByRole('rowheader', { name: 'Blank' })).toBeDefined()
  })

  test('without any record says so instead of an empty table', async () => {
    await shown(home([heat]), { 'GET /home/heat/by-source': { since: '2026-10-01', rows: [], columns: [], cells: [] } })
    expect(await screen.findByText('No leads in this time yet.')).toBeDefined()
    expect(screen.queryByRole('table')).toBeNull()
  })
})

describe('a risk matrix', () => {
  const risk: Block = { name: 'ends', type: 'risk', label: 'Contracts at risk', object: 'contract', count: 0, filter: '' }
  const item = (id: string, more = {}) => ({ id, label: `C-${id}`, object: 'contract', company: { id: `k-${id}`, label: `Company ${id}` }, ends_on: '2026-12-01', days_left: 8, silent: 40, score: '2.5', level: 'red', ...more })
  const told = (items: object[], more = {}) => ({ within: 90, silent_days: 30, low: '3', items, ...more })

  test('names the customer, says how bad it is, and opens the contract', async () => {
    await shown(home([risk]), { 'GET /home/risk/ends': told([item('1'), item('2', { level: '', score: null, silent: null, company: null, days_left: 1 })]) })
    const one = await screen.findByRole('link', { name: 'Company 1' })
    expect(one.getAttribute('href')).toBe('/o/contract/1')
    expect(one.getAttribute('title')).toBe('C-1: ends 2026-12-01, silent for 40 days, service score 2.5')
    expect(screen.getByLabelText('High risk')).toBeDefined()
    expect(screen.getByRole('link', { name: 'C-2' })).toBeDefined()
    expect(screen.getByText('1 day left')).toBeDefined()
  })

  test('names four of a cell and counts the rest', async () => {
    await shown(home([risk]), { 'GET /home/risk/ends': told(Array.from({ length: 7 }, (_, n) => item(String(n))), { more: true }) })
    expect(await screen.findByText('3 more')).toBeDefined()
    expect(screen.getByText('7+ contracts end within 90 days')).toBeDefined()
  })

  test('without any contract says so', async () => {
    await shown(home([risk]), { 'GET /home/risk/ends': told([]) })
    expect(await screen.findByText('No contract ends within 90 days.')).toBeDefined()
  })
})

describe('who is calling', () => {
  const lookup: Block = { name: 'caller', type: 'lookup', label: 'Who is calling?', object: 'contact', count: 0, filter: '' }

  test('is found by what the caller says', async () => {
    const scene = await shown(home([lookup], 'service'))
    await scene.user.type(await screen.findByLabelText('Who is calling?'), ' 138 0013 {Enter}')
    await arrivedAt(scene, '/search?q=138+0013')
  })

  test('is not looked for without a word', async () => {
    const scene = await shown(home([lookup], 'service'))
    await scene.user.type(await screen.findByLabelText('Who is calling?'), '   {Enter}')
    expect(scene.address()).toBe('/home')
  })
})
