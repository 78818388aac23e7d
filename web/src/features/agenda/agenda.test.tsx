// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Language } from '@/i18n/setup'
import { monday } from '@/testing/company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { CalendarPage } from './calendar-page'
import type { AgendaItem } from './queries'
import { TasksPage } from './tasks-page'

const item = (id: string, label: string, due: string, more: Partial<AgendaItem> = {}): AgendaItem => ({ object: 'lead', id, label, kind: 'follow_up', action: 'Call', due_at: due, overdue: due < monday, can_move: true, ...more })
const task = (id: string, label: string, due: string, more: Partial<AgendaItem> = {}): AgendaItem => item(id, label, due, { object: 'task', kind: 'task', action: undefined, done_field: 'done', ...more })
const agenda = (items: AgendaItem[], more = {}) => ({ items, more: false, days: [], people: [], ...more })

const tasks = (told: unknown, routes: Routes = {}, at = '/tasks') => show(<TasksPage followUp={(one) => <p>card of {one.label}</p>} />, { at, path: '/tasks', routes: { 'GET /agenda': told, ...routes } })
const calendar = (told: unknown, { at = '/calendar', language, routes = {} }: { at?: string; language?: Language; routes?: Routes } = {}) => show(<CalendarPage />, { at, path: '/calendar', language, routes: { 'GET /agenda': told, ...routes } })

const part = (name: string) => within(screen.getByRole('region', { name: new RegExp(`^${name}`) }))
const status = () => document.querySelector('[role=status]:not(:empty)')

describe('what is to be done', () => {
  test('stands by when it is due, the overdue first', async () => {
    await tasks(agenda([item('1', 'Late', '2026-11-22T23:00:00Z'), item('2', 'Soon', '2026-11-23T10:00:00Z'), task('3', 'This week', '2026-11-27T02:00:00Z'), item('4', 'Next week', '2026-11-30T02:00:00Z')]))
    expect(await screen.findByText('Late')).toBeDefined()
    expect(screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent)).toEqual(['Overdue 1', 'Today 1', 'This week 1', 'Later 1'])
    expect(part('Today').getByRole('listitem').textContent).toContain('18:00')
    expect(part('This week').getByRole('listitem').textContent).toContain('Fri 10:00')
    expect(part('Later').getByRole('listitem').textContent).toMatch(/11\/30.*10:00/)
    expect(part('Overdue').getByRole('listitem').textContent).toContain('3 hours ago')
  })

  test('looks thirty days ahead', async () => {
    const { edge } = await tasks(agenda([]))
    await screen.findByText('Nothing to do in the next 30 days')
    expect(screen.getByText(/A next step is set when you follow a lead up/)).toBeDefined()
    expect((await screen.findByRole('link', { name: 'Open leads' })).getAttribute('href')).toBe('/leads')
    expect(edge.last('GET /agenda').query).toEqual({ to: '2026-12-23' })
  })

  test('that cannot be read says why', async () => {
    await tasks(refusal(503, 'busy', 'Not now'))
    expect(await screen.findByText('Not now')).toBeDefined()
    expect(screen.queryByText(/Nothing to do/)).toBeNull()
  })

  test('of others is chosen by those who may, and stands in the address', async () => {
    const scene = await tasks(agenda([item('1', 'Late', monday, { owner: { id: 'c', label: 'Chen' } })], { people: [{ id: 'c', label: 'Chen' }], more: true }))
    await scene.user.selectOptions(await screen.findByLabelText('Whose tasks'), 'Everybody')
    await arrivedAt(scene, '/tasks?person=all')
    await waitFor(() => expect(scene.edge.last('GET /agenda').query.person).toBe('all'))
    expect(screen.getByText(/There is more/)).toBeDefined()
    expect(await screen.findByText('Call · Chen')).toBeDefined()
  })

  test('has nobody to choose for those who may not', async () => {
    await tasks(agenda([item('1', 'Late', monday)]))
    await screen.findByText('Late')
    expect(screen.queryByLabelText('Whose tasks')).toBeNull()
  })
})

describe('one thing to do', () => {
  test('is finished by a tap, and taken back by another', async () => {
    const { edge, user } = await tasks(agenda([task('3', 'Send papers', '2026-11-23T10:00:00Z')]), { 'PATCH /records/task/3': {} })
    await user.click(await screen.findByRole('button', { name: 'Complete Send papers' }))
    expect(await screen.findByText('“Send papers” is done')).toBeDefined()
    expect(edge.last('PATCH /records/task/3').body).toEqual({ done: true })
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(edge.last('PATCH /records/task/3').body).toEqual({ done: false }))
    await waitFor(() => expect(screen.queryByText('“Send papers” is done')).toBeNull())
  })

  test('that may not be finished here has no way to', async () => {
    await tasks(agenda([task('3', 'Theirs', monday, { done_field: undefined, can_move: false })]))
    expect(await screen.findByRole('button', { name: 'Complete Theirs' })).toHaveProperty('disabled', true)
    expect(screen.queryByRole('button', { name: 'Move Theirs' })).toBeNull()
  })

  test('that is refused says why and stays', async () => {
    const { user } = await tasks(agenda([task('3', 'Send papers', monday)]), { 'PATCH /records/task/3': refusal(409, 'closed', 'It was closed') })
    await user.click(await screen.findByRole('button', { name: 'Complete Send papers' }))
    expect(await screen.findByText('It was closed')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Complete Send papers' })).toBeDefined()
  })

  test('of a lead opens its follow-up card beside the list', async () => {
    const { user } = await tasks(agenda([item('1', 'Borui', monday)]))
    await user.click(await screen.findByRole('button', { name: 'Follow up Borui' }))
    expect(await screen.findByText('card of Borui')).toBeDefined()
    expect(screen.getByRole('dialog', { name: 'Borui' })).toBeDefined()
  })

  test('without a name has one', async () => {
    await tasks(agenda([item('1', '', monday)]))
    expect(await screen.findByRole('button', { name: 'Move (untitled)' })).toBeDefined()
  })
})

describe('moving', () => {
  const moved = (body: unknown) => ({ ...item('1', 'Borui', (body as { due_at: string }).due_at) })
  const open = async (one: AgendaItem, routes: Routes = {}) => {
    const scene = await tasks(agenda([one]), { 'POST /agenda/move': ({ body }: Asked) => moved(body), ...routes })
    await scene.user.click(await screen.findByRole('button', { name: `Move ${one.label}` }))
    await screen.findByRole('dialog', { name: `Move: ${one.label}` })
    return scene
  }
  const go = () => within(screen.getByRole('dialog')).getByRole('button', { name: 'Move' })

  test('a promised step later needs a reason', async () => {
    const { edge, user } = await open(item('1', 'Borui', '2026-11-23T07:00:00Z'))
    await user.click(screen.getByRole('button', { name: 'In 2 days' }))
    expect(go()).toHaveProperty('disabled', true)
    await user.click(screen.getByRole('button', { name: 'No answer' }))
    await user.click(go())
    expect(await screen.findByText(/“Borui” moved to Nov 25, 2026/)).toBeDefined()
    expect(edge.last('POST /agenda/move').body).toEqual({ object: 'lead', id: '1', due_at: '2026-11-25T07:00:00.000Z', was: '2026-11-23T07:00:00Z', reason: 'No answer' })
  })

  test('an earlier one, or a task, needs none', async () => {
    const { edge, user } = await open(task('1', 'Papers', '2026-11-23T07:00:00Z'))
    await user.click(screen.getByRole('button', { name: 'In a week' }))
    expect(screen.queryByRole('textbox', { name: 'Why it is put off' })).toBeNull()
    await user.click(go())
    await waitFor(() => expect(edge.last('POST /agenda/move').body).toMatchObject({ due_at: '2026-11-30T07:00:00.000Z', reason: '' }))
  })

  test('to a time that has passed says so, and is not asked for', async () => {
    const { user } = await open(task('1', 'Papers', '2026-11-24T07:00:00Z'))
    await user.clear(screen.getByLabelText('New time'))
    await user.type(screen.getByLabelText('New time'), '11/20/2026')
    await user.tab()
    expect((await screen.findByText(/This time has passed/)).getAttribute('role')).toBe('alert')
    expect(go()).toHaveProperty('disabled', true)
    await user.click(screen.getByRole('button', { name: 'Tomorrow' }))
    await user.click(screen.getByRole('button', { name: 'In 2 days' }))
    expect(screen.queryByText(/This time has passed/)).toBeNull()
    expect(go()).toHaveProperty('disabled', false)
  })

  test('to the same time is no move', async () => {
    await open(task('1', 'Papers', '2026-11-23T07:00:00.000Z'))
    expect(go()).toHaveProperty('disabled', true)
  })

  test('another time is the company’s', async () => {
    const { edge, user } = await open(task('1', 'Papers', '2026-11-23T07:00:00Z'))
    await user.clear(screen.getByLabelText('New time'))
    await user.type(screen.getByLabelText('New time'), '12/01/2026')
    await user.clear(screen.getByLabelText('New time time of day'))
    await user.type(screen.getByLabelText('New time time of day'), '9:30')
    await user.click(go())
    await waitFor(() => expect(edge.last('POST /agenda/move').body).toMatchObject({ due_at: '2026-12-01T01:30:00.000Z' }))
  })

  test('is taken back to where it was', async () => {
    const { edge, user } = await open(task('1', 'Borui', '2026-11-23T07:00:00Z'))
    await user.click(screen.getByRole('button', { name: 'Tomorrow' }))
    await user.click(go())
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(edge.asked('POST /agenda/move')).toHaveLength(2))
    expect(edge.last('POST /agenda/move').body).toMatchObject({ due_at: '2026-11-23T07:00:00Z', was: '2026-11-24T07:00:00.000Z' })
    await waitFor(() => expect(status()).toBeNull())
  })

  test('what somebody else moved says so, and keeps the dialog', async () => {
    const { user } = await open(task('1', 'Papers', '2026-11-23T07:00:00Z'), { 'POST /agenda/move': refusal(409, 'moved', 'Chen moved it to Friday') })
    await user.click(screen.getByRole('button', { name: 'Tomorrow' }))
    await user.click(go())
    expect((await screen.findByText('Chen moved it to Friday')).getAttribute('role')).toBe('alert')
  })
})

describe('the calendar', () => {
  const day = (name: string) => screen.getByRole('region', { name })
  const data = () => {
    const held = new Map<string, string>()
    return { setData: (kind: string, text: string) => held.set(kind, text), getData: (kind: string) => held.get(kind) ?? '' }
  }

  test('shows whole weeks of the month, and asks for just these', async () => {
    const { edge } = await calendar(agenda([item('1', 'Borui', '2026-11-24T17:00:00Z')]))
    expect(await screen.findByText('Borui')).toBeDefined()
    expect(edge.last('GET /agenda').query).toEqual({ from: '2026-10-26', to: '2026-12-06' })
    expect(day('Wed, November 25').textContent).toContain('01:00Borui')
    expect(day('Mon, November 23').dataset.today).toBe('true')
    expect(day('Sun, December 6').dataset.faint).toBe('true')
  })

  test('tells days off and working weekends', async () => {
    await calendar(agenda([item('1', 'Borui', monday)], { days: [{ day: '2026-11-25', kind: 'holiday' }, { day: '2026-11-28', kind: 'make_up' }, { day: '2026-11-29', kind: 'weekend' }] }))
    await screen.findByText('Borui')
    expect(day('Wed, November 25').textContent).toContain('Off')
    expect(day('Sat, November 28').textContent).toContain('Work')
    expect(day('Sun, November 29').dataset.kind).toBe('weekend')
  })

  test('in Chinese speaks it', async () => {
    await calendar(agenda([]), { language: 'zh-CN' })
    expect(screen.getByRole('region', { name: '11月23日周一' })).toBeDefined()
    expect(screen.getByText('2026年11月')).toBeDefined()
  })

  test.each([
    ['Forward', '/calendar', '/calendar?view=month&day=2026-12-01'],
    ['Back', '/calendar', '/calendar?view=month&day=2026-10-01'],
    ['Forward', '/calendar?view=week', '/calendar?view=week&day=2026-11-30'],
    ['Back', '/calendar?view=day', '/calendar?view=day&day=2026-11-22'],
    ['Today', '/calendar?day=2026-01-01', '/calendar?view=month&day=2026-11-23'],
    ['Week', '/calendar?day=2026-01-01', '/calendar?view=week&day=2026-01-01'],
    ['Forward', '/calendar?view=year&day=soon', '/calendar?view=month&day=2026-12-01'],
  ])('%s from %s leads to %s', async (button, at, address) => {
    const scene = await calendar(agenda([]), { at })
    await scene.user.click(screen.getByRole('button', { name: button }))
    await arrivedAt(scene, address)
  })

  test('names four of a day, and the rest behind a number', async () => {
    const scene = await calendar(agenda(Array.from({ length: 7 }, (_, n) => item(String(n), `No ${n}`, monday))))
    await scene.user.click(await screen.findByRole('button', { name: '3 more' }))
    await arrivedAt(scene, '/calendar?view=day&day=2026-11-23')
    await waitFor(() => expect(screen.getAllByRole('link')).toHaveLength(7))
  })

  test('takes a thing dropped on another day, at the same time of day', async () => {
    const { edge, user } = await calendar(agenda([task('1', 'Papers', '2026-11-24T07:30:00Z')]), { routes: { 'POST /agenda/move': ({ body }: Asked) => task('1', 'Papers', (body as { due_at: string }).due_at) } })
    const dataTransfer = data()
    fireEvent.dragStart(await screen.findByRole('link', { name: /Papers/ }), { dataTransfer })
    fireEvent.dragOver(day('Thu, November 26'), { dataTransfer })
    await waitFor(() => expect(day('Thu, November 26').dataset.over).toBe('true'))
    fireEvent.drop(day('Thu, November 26'), { dataTransfer })
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Move' }))
    await waitFor(() => expect(edge.last('POST /agenda/move').body).toMatchObject({ due_at: '2026-11-26T07:30:00.000Z' }))
    expect(day('Thu, November 26').dataset.over).toBeUndefined()
  })

  test('takes nothing that was dropped where it was, or comes from elsewhere', async () => {
    await calendar(agenda([task('1', 'Papers', '2026-11-24T07:30:00Z')]))
    const dataTransfer = data()
    fireEvent.dragStart(await screen.findByRole('link', { name: /Papers/ }), { dataTransfer })
    fireEvent.drop(day('Tue, November 24'), { dataTransfer })
    fireEvent.drop(day('Wed, November 25'), { dataTransfer: data() })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test.each([
    ['{Alt>}{ArrowRight}{/Alt}', '11/25/2026'],
    ['{Alt>}{ArrowLeft}{/Alt}', '11/23/2026'],
    ['{Alt>}{ArrowDown}{/Alt}', '12/01/2026'],
    ['{Alt>}{ArrowUp}{/Alt}', '11/17/2026'],
  ])('moves by keyboard with %s', async (keys, date) => {
    const { user } = await calendar(agenda([task('1', 'Papers', '2026-11-24T07:30:00Z')]))
    const link = await screen.findByRole('link', { name: /Papers/ })
    link.focus()
    await user.keyboard(keys)
    expect((await screen.findByLabelText<HTMLInputElement>('New time')).value).toBe(date)
    expect(screen.getByLabelText<HTMLInputElement>('New time time of day').value).toBe('15:30')
  })

  test('does not move what one may not', async () => {
    const { user } = await calendar(agenda([task('1', 'Theirs', '2026-11-24T07:30:00Z', { can_move: false })]))
    const link = await screen.findByRole('link', { name: /Theirs/ })
    link.focus()
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(link.getAttribute('draggable')).toBe('false')
  })
})
