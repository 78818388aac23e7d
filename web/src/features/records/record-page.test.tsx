// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { field, lead, leadObject, monday, sessionOf, zone } from '@/testing/company'
import { noAnswer, refusal, reply, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { ClockChips } from './clock-chips'
import { Convert } from './convert'
import { DayThread } from './day-thread'
import { RecordPage } from './record-page'
import { Related } from './related'
import type { Clock, ConversionPlan, RelatedGroup } from './types'
import { WhyOwner, WhyScore } from './why'

const at = (id: string) => `/records/lead/${id}`
const users = { items: [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }] }
const entry = (id: string, text: string, when: string, more = {}) => ({ id, kind: 'follow_up', at: when, actor: { kind: 'user', label: 'Chen' }, params: {}, text, ...more })

const around = (id: string): Routes => ({
  [`GET ${at(id)}/thread`]: { items: [] },
  [`GET ${at(id)}/clocks`]: { items: [] },
  [`GET ${at(id)}/why`]: { owner: null, score: null },
  [`GET ${at(id)}/related`]: { items: [] },
  'GET /pins': { items: [] },
  'GET /recent': { items: [] },
  [`PUT /recent/lead/${id}`]: reply(204),
  'GET /users': users,
})

const page = (record = lead('l-1', 'Borui'), routes: Routes = {}) =>
  show(<RecordPage object="lead" id="l-1" />, { at: '/leads/l-1', routes: { ...around('l-1'), [`GET ${at('l-1')}`]: reply(200, record, { ETag: '"1"' }), ...routes } })

const facts = (name: string) => within(screen.getByRole('region', { name }))

describe('a record', () => {
  test('shows who it is, its state, its owner and what is known', async () => {
    await page()
    expect(await screen.findByRole('heading', { level: 1, name: 'Borui' })).toBeDefined()
    expect(screen.getByText('New')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Why this owner: Lin' })).toBeDefined()
    expect(facts('Need').getByText('¥120,000.00')).toBeDefined()
    expect(facts('Need').getByText('Douyin')).toBeDefined()
  })

  test('opens on the latest thing that happened, not on what only goes with it', async () => {
    await page(undefined, { [`GET ${at('l-1')}/thread`]: { items: [entry('2', 'A clock started', monday, { kind: 'clock_started' }), entry('1', 'Chen called', '2026-11-23T01:30:00Z')] } })
    const latest = await screen.findByRole('region', { name: 'Latest' })
    expect(latest.textContent).toContain('Chen called')
    expect(latest.textContent).toContain('30 minutes ago')
  })

  test('that may not be seen says so, and asks nothing more of it', async () => {
    await show(<RecordPage object="lead" id="l-1" />, { routes: { ...around('l-1'), [`GET ${at('l-1')}`]: refusal(404, 'not_found', 'There is no such record') } })
    expect((await screen.findByText('There is no such record')).getAttribute('role')).toBe('alert')
    expect(screen.queryByRole('heading')).toBeNull()
  })

  test('dials, but not in the demo', async () => {
    await page()
    expect((await screen.findByRole('link', { name: 'Call' })).getAttribute('href')).toBe('tel:+8613800138000')
  })

  test('in the demo says why it calls nobody', async () => {
    await page(undefined, { 'GET /session': sessionOf({ company: { demo: true } }) })
    const dial = await screen.findByRole('button', { name: 'Call' })
    expect([dial.title, (dial as HTMLButtonElement).disabled]).toEqual(['The demo company calls nobody', true])
  })

  test('without an owner can be claimed', async () => {
    const { edge, user } = await page(lead('l-1', 'Borui', { owner: null }), { [`POST ${at('l-1')}/claim`]: {} })
    await user.click(await screen.findByRole('button', { name: 'Claim' }))
    await waitFor(() => expect(edge.asked(`POST ${at('l-1')}/claim`)).toHaveLength(1))
    await waitFor(() => expect(edge.asked(`GET ${at('l-1')}`).length).toBeGreaterThan(1))
  })

  test('of somebody else cannot', async () => {
    await page(lead('l-1', 'Borui', { owner: { id: 'u-chen', label: 'Chen' } }))
    await screen.findByRole('heading', { name: 'Borui' })
    expect(screen.queryByRole('button', { name: 'Claim' })).toBeNull()
  })

  test('is pinned and unpinned at once', async () => {
    const { user, edge } = await page(undefined, { 'PUT /pins/lead/l-1': reply(204), 'DELETE /pins/lead/l-1': reply(204) })
    const pin = await screen.findByRole('button', { name: 'Pin' })
    edge.answer('GET /pins', { items: [{ object: 'lead', id: 'l-1', label: 'Borui' }] })
    await user.click(pin)
    const unpin = await screen.findByRole('button', { name: 'Unpin' })
    expect(unpin.getAttribute('aria-pressed')).toBe('true')
    edge.answer('GET /pins', { items: [] })
    await user.click(unpin)
    expect(await screen.findByRole('button', { name: 'Pin' })).toBeDefined()
  })

  test('that cannot be pinned goes back and says why', async () => {
    const { user } = await page(undefined, { 'PUT /pins/lead/l-1': refusal(422, 'too_many', 'No more than 30 pins') })
    await user.click(await screen.findByRole('button', { name: 'Pin' }))
    expect(await screen.findByText('No more than 30 pins')).toBeDefined()
    expect(await screen.findByRole('button', { name: 'Pin' })).toBeDefined()
  })
})

describe('facts', () => {
  const edit = async (user: Awaited<ReturnType<typeof page>>['user'], section = 'Customer') => user.click(await screen.findByRole('button', { name: `Edit${section}` }))

  test('are saved by what was changed alone, with the version that was read', async () => {
    const { edge, user } = await page(undefined, { [`PATCH ${at('l-1')}`]: {} })
    await edit(user)
    const contact = screen.getByLabelText('Contact')
    await user.clear(contact)
    await user.type(contact, 'Mr Zhao')
    edge.answer(`GET ${at('l-1')}`, reply(200, lead('l-1', 'Borui', { contact: 'Mr Zhao' }), { ETag: '"2"' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(await facts('Customer').findByText('Mr Zhao')).toBeDefined()
    const asked = edge.last(`PATCH ${at('l-1')}`)
    expect([asked.body, asked.headers.get('If-Match')]).toEqual([{ contact: 'Mr Zhao' }, '"1"'])
  })

  test('that nobody changed are not sent', async () => {
    const { edge, user } = await page()
    await edit(user)
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(edge.asked(`PATCH ${at('l-1')}`)).toEqual([])
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  test('given up are as they were', async () => {
    const { user } = await page()
    await edit(user)
    await user.type(screen.getByLabelText('Contact'), ' and others')
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(facts('Customer').getByText('Ms Wang')).toBeDefined()
  })

  test('that are missing wait behind one line, and are filled in there', async () => {
    const { edge, user } = await page(lead('l-1', 'Borui', { contact: null, phone: null }), { [`PATCH ${at('l-1')}`]: {} })
    await user.click(await screen.findByRole('button', { name: /Add 2 missing facts\s*Contact, Phone/ }))
    expect(screen.queryByLabelText('Company')).toBeNull()
    await user.type(screen.getByLabelText('Phone'), '13900007777')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last(`PATCH ${at('l-1')}`).body).toEqual({ phone: '13900007777' }))
  })

  test('with a fault say it beside the field, and keep what was typed', async () => {
    const { user } = await page(undefined, { [`PATCH ${at('l-1')}`]: refusal(422, 'invalid', 'Please correct the marked fields', [{ path: 'phone', message: 'No such number' }]) })
    await edit(user)
    const phone = screen.getByLabelText<HTMLInputElement>('Phone')
    await user.clear(phone)
    await user.type(phone, '12')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    const fault = await screen.findByText('No such number')
    expect(phone.getAttribute('aria-describedby')).toBe(fault.id)
    expect([phone.getAttribute('aria-invalid'), phone.value]).toEqual(['true', '12'])
  })

  test('without a network stay typed, and say so', async () => {
    const { edge, user } = await page(undefined, { [`PATCH ${at('l-1')}`]: noAnswer })
    await edit(user)
    await user.type(screen.getByLabelText('Contact'), '!')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText('The server cannot be reached; please try again in a moment')
    edge.answer(`PATCH ${at('l-1')}`, {})
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
  })

  test('of an object that one may not change are only read', async () => {
    await page(undefined, { 'GET /catalog': { objects: [leadObject({ can: { create: false, read: true, update: false, delete: false } })] } })
    await screen.findByRole('heading', { name: 'Borui' })
    expect(screen.queryByRole('button', { name: /^Edit/ })).toBeNull()
    expect(screen.queryByRole('button', { name: /missing/ })).toBeNull()
  })
})

describe('somebody else changed it meanwhile', () => {
  const stale = (theirs: Record<string, unknown>) => {
    let saved = false
    return {
      [`PATCH ${at('l-1')}`]: ({ headers }: Asked) => {
        if (headers.get('If-Match') === '"1"') return refusal(412, 'stale', 'Somebody changed it')()
        saved = true
        return {}
      },
      [`GET ${at('l-1')}`]: (_: Asked, times: number) => (times === 1 ? reply(200, lead('l-1', 'Borui'), { ETag: '"1"' }) : reply(200, lead('l-1', 'Borui', saved ? { contact: 'saved' } : theirs), { ETag: '"2"' })),
    }
  }
  const type = async (routes: Routes) => {
    const scene = await page(undefined, routes)
    await scene.user.click(await screen.findByRole('button', { name: 'EditCustomer' }))
    const contact = screen.getByLabelText<HTMLInputElement>('Contact')
    await scene.user.clear(contact)
    await scene.user.type(contact, 'Mine')
    await scene.user.click(screen.getByRole('button', { name: 'Save' }))
    return scene
  }

  test('in the same field: both are shown, and mine can be kept', async () => {
    const { edge, user } = await type(stale({ contact: 'Theirs' }))
    await user.click(await screen.findByRole('button', { name: 'Keep mine: Mine' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.asked(`PATCH ${at('l-1')}`)).toHaveLength(2))
    expect(edge.last(`PATCH ${at('l-1')}`).body).toEqual({ contact: 'Mine' })
    expect(edge.last(`PATCH ${at('l-1')}`).headers.get('If-Match')).toBe('"2"')
  })

  test('nothing can be saved before each is settled', async () => {
    await type(stale({ contact: null }))
    expect(await screen.findByRole('button', { name: 'Take theirs: (blank)' })).toBeDefined()
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
  })

  test('theirs can be taken, and then stands in the field', async () => {
    const { edge, user } = await type(stale({ contact: 'Theirs' }))
    await user.click(await screen.findByRole('button', { name: 'Take theirs: Theirs' }))
    expect(screen.getByLabelText<HTMLInputElement>('Contact').value).toBe('Theirs')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
    expect(edge.asked(`PATCH ${at('l-1')}`)).toHaveLength(1)
  })

  test('and cannot be read: why is said, what was typed stays, and saving again meets it', async () => {
    const routes = stale({ contact: 'Theirs' })
    const scene = await page(undefined, routes)
    const { edge, user } = scene
    await user.click(await screen.findByRole('button', { name: 'EditCustomer' }))
    edge.answer(`GET ${at('l-1')}`, noAnswer)
    const contact = screen.getByLabelText<HTMLInputElement>('Contact')
    await user.clear(contact)
    await user.type(contact, 'Mine')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect((await screen.findByText(/The server cannot be reached/)).getAttribute('role')).toBe('alert')
    expect(contact.value).toBe('Mine')
    edge.answer(`GET ${at('l-1')}`, reply(200, lead('l-1', 'Borui', { contact: 'Theirs' }), { ETag: '"2"' }))
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByRole('button', { name: 'Keep mine: Mine' })).toBeDefined()
    expect(screen.queryByText(/The server cannot be reached/)).toBeNull()
  })

  test('in another field: nothing is asked, mine is saved upon theirs', async () => {
    const { edge } = await type(stale({ phone: '+8613900000000' }))
    await waitFor(() => expect(edge.asked(`PATCH ${at('l-1')}`)).toHaveLength(2))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
    expect(screen.queryByText(/Somebody changed/)).toBeNull()
  })
})

describe('what happened', () => {
  test('stands by the company’s days, newest first, with who and when', async () => {
    await show(<DayThread zone={zone} entries={[entry('3', 'Quoted', '2026-11-23T01:00:00Z'), entry('2', 'Called', '2026-11-22T16:30:00Z'), entry('1', 'Received', '2026-11-22T15:30:00Z')]} />)
    expect(screen.getAllByRole('heading').map((one) => one.textContent)).toEqual(['Mon, November 23', 'Sun, November 22'])
    expect(screen.getAllByRole('listitem').map((one) => one.textContent)).toEqual(['Quoted09:00Chen', 'Called00:30Chen', 'Received23:30Chen'])
  })

  test('shows its details when asked', async () => {
    const { user } = await show(<DayThread zone={zone} entries={[entry('1', 'Routed', monday, { kind: 'routed', params: { table: 'leads', due_at: '2026-11-23T10:00:00Z', told: [{ id: 'u', label: 'Wu' }], new: null, sign: 7 } })]} />)
    const toggle = screen.getByRole('button', { name: /Details/ })
    expect(toggle.getAttribute('aria-expanded')).toBe('false')
    await user.click(toggle)
    const told = Object.fromEntries([...document.querySelectorAll('dl > div')].map((one) => [one.querySelector('dt')?.textContent, one.querySelector('dd')?.textContent?.replaceAll('\u202f', ' ')]))
    expect(told).toEqual({ 'Routing table': 'leads', Due: 'Nov 23, 2026, 18:00', Told: 'Wu', New: '–', sign: '7' })
    await user.click(screen.getByRole('button', { name: /Hide/ }))
    expect(document.querySelector('dl')).toBeNull()
  })

  test('goes back page by page', async () => {
    const { edge, user } = await page(undefined, { [`GET ${at('l-1')}/thread`]: ({ query }: Asked) => (query.cursor ? { items: [entry('1', 'First', '2026-11-01T01:00:00Z')] } : { items: [entry('2', 'Second', monday)], next_cursor: 'c-1' }) })
    await user.click(await screen.findByRole('button', { name: 'Earlier' }))
    expect(await screen.findByText('First')).toBeDefined()
    expect(edge.last(`GET ${at('l-1')}/thread`).query).toEqual({ cursor: 'c-1' })
    expect(screen.queryByRole('button', { name: 'Earlier' })).toBeNull()
  })

  test('is nothing yet, and says so', async () => {
    await show(<DayThread zone={zone} entries={[]} />)
    expect(screen.getByText('Nothing has happened yet')).toBeDefined()
  })

  test('of a kind that is not known here still reads', async () => {
    await show(<DayThread zone={zone} entries={[entry('1', 'Something new', monday, { kind: 'of_the_future' })]} />)
    expect(screen.getByText('Something new')).toBeDefined()
  })
})

describe('clocks', () => {
  const clock = (more: Partial<Clock>): Clock => ({ id: 'c', name: 'first', label: 'First answer', state: 'running', started_at: monday, due_at: '2026-11-23T04:00:00Z', ...more })
  test.each<[string, Partial<Clock>, string, string]>([
    ['two hours left', {}, '2 hours left', 'calm'],
    ['little left', { due_at: '2026-11-23T02:10:00Z' }, '10 minutes left', 'soon'],
    ['days left', { due_at: '2026-11-26T02:00:00Z' }, '3 days left', 'calm'],
    ['late', { due_at: '2026-11-23T01:59:00Z' }, '1 minute late', 'late'],
    ['fired, with no further stage', { state: 'fired', due_at: undefined }, 'overdue', 'late'],
  ])('%s', async (_, more, text, loud) => {
    await show(<ClockChips clocks={[clock(more)]} now={new Date(monday)} zone={zone} />)
    const chip = screen.getByRole('listitem')
    expect([chip.textContent, chip.dataset.urgency]).toEqual([`First answer${text}`, loud])
  })

  test('that were met or cancelled are not shown', async () => {
    await show(<ClockChips clocks={[clock({ state: 'satisfied' }), clock({ id: 'd', state: 'cancelled' })]} now={new Date(monday)} zone={zone} />)
    expect(screen.queryByRole('list', { name: 'Clocks' })).toBeNull()
  })
})

describe('why', () => {
  const owner = {
    table: 'leads', version: 3, row: 'east', row_label: 'East first', condition: 'region = "east"', pool: 'East', strategy: 'least_load', chosen: { id: 'u-1', label: 'Wu' }, text: 'Wu had least to do',
    candidates: [{ user: { id: 'u-1', label: 'Wu' }, load: 2, capacity: 10, eligible: true }, { user: { id: 'u-2', label: 'Li' }, load: 5, eligible: true }, { user: { id: 'u-3', label: 'Qian' }, load: 1, eligible: false, reason: 'away' }, { user: { id: 'u-4' }, load: 1, eligible: false, reason: 'new reason' }],
  }

  test('this owner: the rule, and who else there was', async () => {
    await show(<WhyOwner reason={owner} />)
    const rows = [...document.querySelectorAll('tbody tr')].map((row) => [...row.children].map((one) => one.textContent))
    expect(rows).toEqual([['Wu', '2 / 10', '✓ chosen'], ['Li', '5', 'eligible'], ['Qian', '1', 'away'], ['u-4', '1', 'not eligible']])
    expect(screen.getByText('region = "east"')).toBeDefined()
    expect(screen.getByText('East · least open load')).toBeDefined()
  })

  test('this score: each rule with its points, and the sum', async () => {
    await show(<WhyScore reason={{ total: 65, stars: 2, card: 'Lead score', version: 4, text: 'Good', contributions: [{ rule: 'budget', label: 'Budget', points: 40, text: '120,000' }, { rule: 'silent', label: '', points: -5 }] }} />)
    expect([...document.querySelectorAll('tbody tr')].map((row) => row.textContent)).toEqual(['Budget120,000+40', 'silent-5'])
    expect(document.querySelector('tfoot')?.textContent).toBe('Total65 · ★★')
  })

  test('opens from the head of the record', async () => {
    const { user } = await page(undefined, { [`GET ${at('l-1')}/why`]: { owner, score: null } })
    const why = await screen.findByRole('button', { name: 'Why this owner: Lin' })
    await waitFor(() => expect(why).toHaveProperty('disabled', false))
    await user.click(why)
    expect(await screen.findByRole('dialog', { name: 'Why this owner' })).toBeDefined()
    expect(screen.getByText('Wu had least to do')).toBeDefined()
  })
})

describe('converting', () => {
  const project = { ...leadObject(), name: 'project', label: 'Project', title_field: 'name', fields: [field('name'), field('amount', 'currency')] }
  const step = { object: 'project', label: 'Project', action: 'create', offers: [], hidden: false, optional: false, fields: { name: 'Borui pumps' }, ask: ['name'] }
  const plan = (more: object): ConversionPlan => ({ label: 'Convert', state: 'ready', targets: [step], ...more }) as ConversionPlan
  const button = (told: ConversionPlan, routes: Routes = {}) => show(<Convert object="lead" id="l-1" />, { routes: { 'GET /catalog': { objects: [leadObject(), project] }, [`GET ${at('l-1')}/convert`]: told, ...routes } })

  test('shows what will be made, takes what is typed, and says that it is done', async () => {
    const { edge, user } = await button(plan({}), { [`POST ${at('l-1')}/convert`]: { records: [] } })
    await user.click(await screen.findByRole('button', { name: 'Convert' }))
    const name = await screen.findByLabelText<HTMLInputElement>('Name')
    expect(name.value).toBe('Borui pumps')
    await user.type(name, ' 2027')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Convert' }))
    expect(await screen.findByText('Converted: everything is linked')).toBeDefined()
    expect(edge.last(`POST ${at('l-1')}/convert`).body).toEqual({ targets: { project: { fields: { name: 'Borui pumps 2027' } } } })
  })

  test('offers what is known already, or a new one', async () => {
    const known = { ...step, action: 'reuse', known: { id: 'p-1', label: 'Old project' }, offers: [{ id: 'p-1', label: 'Old project' }] }
    const { edge, user } = await button(plan({ targets: [known] }), { [`POST ${at('l-1')}/convert`]: { records: [] } })
    await user.click(await screen.findByRole('button', { name: 'Convert' }))
    expect((await screen.findByRole<HTMLInputElement>('radio', { name: 'Use Old project' })).checked).toBe(true)
    expect(screen.queryByLabelText('Name')).toBeNull()
    await user.click(screen.getByRole('radio', { name: 'New project' }))
    expect(screen.getByLabelText('Name')).toBeDefined()
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Convert' }))
    await waitFor(() => expect(edge.last(`POST ${at('l-1')}/convert`).body).toEqual({ targets: { project: { new: true } } }))
  })

  test('that is refused marks the field and keeps the dialog', async () => {
    const { user } = await button(plan({}), { [`POST ${at('l-1')}/convert`]: refusal(422, 'invalid', 'Please correct', [{ path: 'project.name', message: 'There is one of that name' }]) })
    await user.click(await screen.findByRole('button', { name: 'Convert' }))
    await screen.findByLabelText('Name')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Convert' }))
    expect(await screen.findByText('There is one of that name')).toBeDefined()
    expect(screen.getByLabelText('Name').getAttribute('aria-invalid')).toBe('true')
  })

  test('is taken back, or says what stands in the way', async () => {
    const done = plan({ state: 'converted', records: [{ object: 'project', name: 'Project', id: 'p-1', label: 'Borui pumps', created: true }, { object: 'contact', name: 'Contact', created: false }] })
    const { edge, user } = await button(done, { [`POST ${at('l-1')}/convert/undo`]: refusal(409, 'used', 'It cannot be undone.', [{ path: 'project', message: 'The project has a contract.' }]) })
    expect((await screen.findByRole('link', { name: 'Project · Borui pumps' })).getAttribute('href')).toBe('/o/project/p-1')
    expect(screen.queryByRole('link', { name: /Contact/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Undo conversion' }))
    expect(await screen.findByText('It cannot be undone. The project has a contract.')).toBeDefined()
    edge.answer(`POST ${at('l-1')}/convert/undo`, {})
    await user.click(screen.getByRole('button', { name: 'Undo conversion' }))
    expect(await screen.findByText('Conversion undone')).toBeDefined()
  })

  test.each(['closed', 'forbidden'] as const)('is not offered when %s', async (state) => {
    const { edge } = await button(plan({ state }))
    await waitFor(() => expect(edge.asked(`GET ${at('l-1')}/convert`)).toHaveLength(1))
    expect(screen.queryByRole('button', { name: 'Convert' })).toBeNull()
  })
})

describe('related records', () => {
  const contract = { ...leadObject(), name: 'contract', label: 'Contract', title_field: 'name', forms: [], fields: [field('name', 'text', { required: true }), field('amount', 'currency'), field('lead', 'reference', { object: 'lead' })] }
  const group = (more: Partial<RelatedGroup> = {}): RelatedGroup => ({ object: 'contract', label: 'Contracts', name: 'contract', field: 'lead', can_create: true, columns: ['amount'], records: [{ id: 'k-1', label: 'Frame', amount: { amount: '5.00', currency: 'CNY' } }], count: 1, more: false, filter: 'lead = "l-1"', ...more })
  const related = (one: RelatedGroup, routes: Routes = {}) => show(<Related groups={[one]} source={leadObject() as never} record={lead('l-1', 'Borui')} zone={zone} />, { routes: { 'GET /catalog': { objects: [leadObject(), contract] }, ...routes } })

  test('are named with their figures, each a door', async () => {
    await related(group({ sum: 'amount', sums: [{ amount: '5.00', currency: 'CNY' }], done: [], left: { amount: '3.00', currency: 'CNY' } }))
    expect((await screen.findByRole('link', { name: 'Frame' })).getAttribute('href')).toBe('/o/contract/k-1')
    await waitFor(() => expect(document.querySelector('dl')?.textContent).toBe('Total¥5.00Received¥0.00Remaining¥3.00'))
    expect(screen.getByRole('link', { name: 'Contracts' }).getAttribute('href')).toBe('/o/contract?filter=lead+%3D+%22l-1%22')
  })

  test('that are many say so', async () => {
    await related(group({ count: 20, more: true }))
    expect(await screen.findByText('20+')).toBeDefined()
  })

  test('are added in place, and know where they belong', async () => {
    const { edge, user } = await related(group(), { 'POST /records/contract': { id: 'k-2' } })
    await user.click(await screen.findByRole('button', { name: 'New contract' }))
    const form = within(await screen.findByRole('dialog'))
    expect(form.getByText('Borui')).toBeDefined()
    await user.type(form.getByLabelText('Name'), 'Service{Enter}')
    await waitFor(() => expect(edge.last('POST /records/contract').body).toEqual({ lead: 'l-1', name: 'Service' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('are not added by whoever may not', async () => {
    await related(group({ can_create: false }))
    await screen.findByRole('link', { name: 'Frame' })
    expect(screen.queryByRole('button', { name: 'New contract' })).toBeNull()
  })
})

test('a reference that may be opened is a link', async () => {
  const scene = await page(lead('l-1', 'Borui', { contact: { id: 'c-1', label: 'Ms Wang' } }), { 'GET /catalog': { objects: [leadObject({ fields: [field('company'), field('contact', 'reference', { object: 'contact' }), field('status')] })] } })
  await scene.user.click(await screen.findByRole('link', { name: 'Ms Wang' }))
  await arrivedAt(scene, '/o/contact/c-1')
})
