// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal, reply, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { Departments } from './departments'
import { LeaveList } from './leave-list'
import type { Department, User } from './types'
import { Users } from './users'

const person = (id: string, name: string, more: Partial<User> = {}): User => ({ id, name, email: `${id}@example.com`, roles: [{ name: 'sales', label: 'Sales' }], department: { id: 'd-east', label: 'East' }, active: true, open_load: 3, capacity: 10, away: false, ...more })
const everybody = [person('lin', 'Lin'), person('chen', 'Chen', { away: true, open_load: 10 }), person('wu', 'Wu', { active: false, capacity: null })]
const tree: Department[] = [
  { id: 'd-all', name: 'Company', parent: null, leader: { id: 'lin', label: 'Lin' }, members: 1 },
  { id: 'd-east', name: 'East', parent: 'd-all', leader: null, members: 12 },
  { id: 'd-north', name: 'North East', parent: 'd-east', leader: null, members: 0 },
]
const base: Routes = { 'GET /users': ({ query }: Asked) => ({ items: everybody.filter(({ name }) => name.toLowerCase().includes((query.q ?? '').toLowerCase())) }), 'GET /departments': { items: tree }, 'GET /users/:id/leave': { items: [] }, 'GET /users/:id/sessions': { sessions: [], tokens: [], factor: false }, 'GET /session/options': { provider: null }, 'GET /config/role': { items: [] } }
const writer = { 'GET /session': sessionOf({ can: ['users.read', 'users.write'] }) }

describe('users', () => {
  test('tell what each carries and whether they are here', async () => {
    await show(<Users />, { routes: base })
    await screen.findByText('Lin')
    expect([...document.querySelectorAll('tbody tr')].map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent?.trim()))).toEqual([['Lin', '3 / 10', 'Active'], ['Chen', '10 / 10', 'Away'], ['Wu', '3', 'Disabled']])
    expect(document.querySelectorAll('[data-full]')).toHaveLength(1)
  })

  test('are found by name', async () => {
    const { user } = await show(<Users />, { routes: base })
    await screen.findByText('Lin')
    await user.type(screen.getByRole('searchbox', { name: 'Find by name or e-mail' }), 'che')
    await waitFor(() => expect(screen.queryByText('Lin')).toBeNull())
    expect(screen.getByText('Chen')).toBeDefined()
  })

  test('are only read by whoever may not write', async () => {
    await show(<Users />, { routes: base })
    await screen.findByText('Lin')
    expect(screen.queryByRole('button', { name: 'New user' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Lin' })).toBeNull()
  })

  test('are made with what was typed; a blank password is not sent', async () => {
    const { edge, user } = await show(<Users />, { routes: { ...base, ...writer, 'POST /users': {} } })
    await user.click(await screen.findByRole('button', { name: 'New user' }))
    const form = within(await screen.findByRole('dialog', { name: 'New user' }))
    await user.type(form.getByLabelText('Name'), 'Zhao')
    await user.type(form.getByLabelText('E-mail'), 'zhao@example.com')
    await user.clear(form.getByLabelText(/^Capacity/))
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last('POST /users').body).toEqual({ name: 'Zhao', email: 'zhao@example.com', roles: ['sales'], department: null, active: true, capacity: null }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('are changed; a new password has to be changed at the next log-in', async () => {
    const { edge, user } = await show(<Users />, { routes: { ...base, ...writer, 'PATCH /users/lin': {} } })
    await user.click(await screen.findByRole('button', { name: 'Lin' }))
    const form = within(await screen.findByRole('dialog', { name: 'Lin' }))
    await user.type(form.getByLabelText(/^New password/), 'long enough')
    await user.click(form.getByLabelText('May log in'))
    await user.click(form.getAllByRole('button', { name: 'Save' })[0])
    await waitFor(() => expect(edge.last('PATCH /users/lin').body).toMatchObject({ password: 'long enough', must_change_password: true, active: false, department: 'd-east', capacity: 10 }))
  })

  test('that are refused stay in the form with the reason', async () => {
    const { user } = await show(<Users />, { routes: { ...base, ...writer, 'PATCH /users/lin': refusal(409, 'taken', 'Somebody has this address') } })
    await user.click(await screen.findByRole('button', { name: 'Lin' }))
    await user.click(within(await screen.findByRole('dialog')).getAllByRole('button', { name: 'Save' })[0])
    expect((await screen.findByText('Somebody has this address')).getAttribute('role')).toBe('alert')
  })
})

describe('departments', () => {
  test('stand as a tree, with leader and size', async () => {
    await show(<Departments />, { routes: base })
    await screen.findByText('North East')
    expect(screen.getAllByRole('listitem').map((one) => [one.textContent, one.style.paddingInlineStart])).toEqual([
      ['Companyled by Lin · 1 member', '8px'],
      ['Eastno leader · 12 members', '32px'],
      ['North Eastno leader · 0 members', '56px'],
    ])
  })

  test('are not hung below themselves', async () => {
    const { user } = await show(<Departments />, { routes: { ...base, ...writer } })
    await user.click(await screen.findByRole('button', { name: 'East' }))
    const parents = within(await screen.findByLabelText('Above it')).getAllByRole('option').map((one) => one.textContent)
    expect(parents).toEqual(['–', 'Company'])
  })

  test('are moved and get a leader', async () => {
    const { edge, user } = await show(<Departments />, { routes: { ...base, ...writer, 'PATCH /departments/d-north': {} } })
    await user.click(await screen.findByRole('button', { name: 'North East' }))
    await screen.findByRole('option', { name: 'Chen' })
    await user.selectOptions(screen.getByLabelText('Above it'), 'd-all')
    await user.selectOptions(screen.getByLabelText('Leader'), 'Chen')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last('PATCH /departments/d-north').body).toEqual({ name: 'North East', parent: 'd-all', leader: 'chen' }))
  })
})

describe('leave', () => {
  const leave = { id: 'v-1', from: '2026-11-23T16:00:00Z', to: '2026-11-25T16:00:00Z', reason: 'Holiday' }

  test('is told in the company’s days, the last one whole', async () => {
    await show(<LeaveList user={everybody[0]} />, { routes: { ...base, 'GET /users/lin/leave': { items: [leave] } } })
    expect((await screen.findByText(/Holiday/)).textContent?.replaceAll('\u2009', ' ')).toBe('Nov 24 – 25, 2026 Holiday')
  })

  test('is added in whole days, and the fields are empty again', async () => {
    const { edge, user } = await show(<LeaveList user={everybody[0]} />, { routes: { ...base, 'POST /users/lin/leave': reply(201, {}) } })
    await screen.findByText('No leave')
    await user.type(screen.getByRole('textbox', { name: 'From' }), '12/01/2026')
    await user.type(screen.getByRole('textbox', { name: 'To' }), '12/03/2026')
    await user.type(screen.getByLabelText('Reason'), 'Training')
    await user.click(screen.getByRole('button', { name: 'Add leave' }))
    await waitFor(() => expect(edge.last('POST /users/lin/leave').body).toEqual({ from: '2026-12-01', to: '2026-12-03', reason: 'Training' }))
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Reason').value).toBe(''))
  })

  test('that overlaps says why', async () => {
    const { user } = await show(<LeaveList user={everybody[0]} />, { routes: { ...base, 'POST /users/lin/leave': refusal(422, 'overlaps', 'He is away then already') } })
    await user.type(await screen.findByRole('textbox', { name: 'From' }), '12/01/2026')
    await user.type(screen.getByRole('textbox', { name: 'To' }), '12/03/2026')
    await user.click(screen.getByRole('button', { name: 'Add leave' }))
    expect(await screen.findByText('He is away then already')).toBeDefined()
  })

  test('is cancelled', async () => {
    const { edge, user } = await show(<LeaveList user={everybody[0]} />, { routes: { ...base, 'GET /users/lin/leave': { items: [leave] }, 'DELETE /leave/v-1': reply(204) } })
    const drop = await screen.findByRole('button', { name: /^Cancel/ })
    edge.answer('GET /users/lin/leave', { items: [] })
    await user.click(drop)
    expect(await screen.findByText('No leave')).toBeDefined()
  })
})
