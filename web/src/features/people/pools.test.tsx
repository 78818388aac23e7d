// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { later, noAnswer, refusal, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { Pools } from './pools'
import type { Pool, PoolMember, User } from './types'

const member = (id: string, label: string | undefined, more: Partial<PoolMember> = {}): PoolMember => ({ user: { id, label }, capacity: 10, open_load: 3, weight: 1, away: false, ...more })
const east: Pool = { name: 'east', label: 'East team', strategy: 'round_robin', robot: 'East group', members: [member('lin', 'Lin', { weight: 2 }), member('chen', 'Chen', { away: true, open_load: 12 }), member('wu', 'Wu', { capacity: null })] }
const nobody: Pool = { name: 'south', label: 'South team', strategy: 'their_own', robot: null, members: [] }
const person = (id: string, name: string, more: Partial<User> = {}): User => ({ id, name, roles: [], department: null, active: true, open_load: 0, capacity: 20, away: false, ...more })

const writer = sessionOf({ can: ['users.read', 'users.write'] })
const page = (routes: Routes = {}) => show(<Pools />, { routes: { 'GET /session': writer, 'GET /pools': { items: [east, nobody] }, 'GET /users': { items: [person('lin', 'Lin'), person('zhao', 'Zhao', { capacity: 5 }), person('gone', 'Gone', { active: false })] }, ...routes } })
const pool = async (name = 'East team') => within(await screen.findByRole('region', { name }))
/** What stands in the table of a pool, row by row. */
const rowsOf = async (name?: string) => within((await pool(name)).getByRole('table')).getAllByRole('row').slice(1).map((row) => [...row.children].map((cell) => cell.textContent?.trim()))
const edit = async (routes: Routes = {}) => {
  const scene = await page(routes)
  await scene.user.click((await pool()).getByRole('button', { name: /^Edit/ }))
  return { ...scene, form: await pool() }
}
const row = (form: ReturnType<typeof within>, name: string) => within(form.getByRole('group', { name }))
const saved = (scene: Awaited<ReturnType<typeof page>>) => scene.edge.last('PUT /pools/east/members').body

describe('a pool', () => {
  test('tells who takes leads from it, how much each carries and who is away', async () => {
    await page()
    expect(await rowsOf()).toEqual([['Lin', '3 / 10', '2', 'Present'], ['Chen', '12 / 10', '1', 'Away'], ['Wu', '3', '1', 'Present']])
    expect((await pool()).getByText('Round robin · East group')).toBeDefined()
  })

  test('whose way of choosing this program does not know is told by its name', async () => {
    await page()
    expect((await pool('South team')).getByText('their_own')).toBeDefined()
    expect(await rowsOf('South team')).toEqual([])
  })

  test('somebody without room is marked, and the bar does not leave its frame', async () => {
    await page()
    await pool()
    const full = document.querySelectorAll<HTMLElement>('[data-full] [aria-hidden] span')
    expect([...full].map(({ style }) => style.inlineSize)).toEqual(['100%'])
  })

  test('is only read by whoever may not write', async () => {
    await page({ 'GET /session': sessionOf({ can: ['users.read'] }) })
    await pool()
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('that cannot be read says why', async () => {
    await page({ 'GET /pools': noAnswer })
    expect(await screen.findByText(/cannot be reached/)).toBeDefined()
  })
})

describe('the members', () => {
  test('are offered from those who work here and are not in it yet', async () => {
    const { form } = await edit()
    const add = await waitFor(() => {
      const names = within(form.getByLabelText('Add a member')).getAllByRole('option').map((one) => one.textContent)
      expect(names.length).toBeGreaterThan(1)
      return names
    })
    expect(add).toEqual(['–', 'Zhao'])
  })

  test('are added with the room they have everywhere, and taken out', async () => {
    const { form, user, ...scene } = await edit({ 'PUT /pools/east/members': {} })
    await form.findByRole('option', { name: 'Zhao' })
    await user.selectOptions(form.getByLabelText('Add a member'), 'Zhao')
    expect(row(form, 'Zhao').getByLabelText<HTMLInputElement>('Capacity').value).toBe('5')
    expect(form.queryByRole('option', { name: 'Zhao' })).toBeNull()
    await user.click(row(form, 'Chen').getByRole('button', { name: /^Remove/ }))
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(saved({ user, ...scene })).toEqual({
        members: [
          { user: 'lin', capacity: 10, weight: 2 },
          { user: 'wu', capacity: null, weight: 1 },
          { user: 'zhao', capacity: 5, weight: 1 },
        ],
      }),
    )
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
  })

  test('who were taken out can be added again at once', async () => {
    const { form, user } = await edit()
    await form.findByRole('option', { name: 'Zhao' })
    await user.click(row(form, 'Lin').getByRole('button', { name: /^Remove/ }))
    expect(await form.findByRole('option', { name: 'Lin' })).toBeDefined()
  })

  test.each([
    ['Capacity', '', { capacity: null, weight: 2 }],
    ['Capacity', '0', { capacity: 0, weight: 2 }],
    ['Capacity', '25', { capacity: 25, weight: 2 }],
    ['Weight', '7', { capacity: 10, weight: 7 }],
    ['Weight', '', { capacity: 10, weight: 1 }],
  ])('%s typed as %j', async (label, text, expected) => {
    const { form, user, ...scene } = await edit({ 'PUT /pools/east/members': {} })
    fireEvent.change(row(form, 'Lin').getByLabelText(label), { target: { value: text } })
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect((saved({ user, ...scene }) as { members: unknown[] }).members[0]).toEqual({ user: 'lin', ...expected }))
  })

  test('stay as they were when one thinks better of it', async () => {
    const { form, user, edge } = await edit()
    await user.click(row(form, 'Lin').getByRole('button', { name: /^Remove/ }))
    await user.click(form.getByRole('button', { name: 'Cancel' }))
    expect((await rowsOf()).map(([name]) => name)).toEqual(['Lin', 'Chen', 'Wu'])
    expect(edge.asked('PUT /pools/east/members')).toEqual([])
    await user.click((await pool()).getByRole('button', { name: /^Edit/ }))
    expect((await pool()).getByRole('group', { name: 'Lin' })).toBeDefined()
  })

  test('that are refused stay in the form with the reason', async () => {
    const { form, user, edge } = await edit({ 'PUT /pools/east/members': refusal(422, 'invalid', 'Zhao may not own a lead') })
    await form.findByRole('option', { name: 'Zhao' })
    await user.selectOptions(form.getByLabelText('Add a member'), 'Zhao')
    await user.click(form.getByRole('button', { name: 'Save' }))
    expect((await form.findByRole('alert')).textContent).toBe('Zhao may not own a lead')
    expect(form.getByRole('group', { name: 'Zhao' })).toBeDefined()
    edge.answer('PUT /pools/east/members', {})
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
  })

  test('are saved once, however often the button is pressed on a slow line', async () => {
    const slow = later<object>()
    const { form, user, edge } = await edit({ 'PUT /pools/east/members': slow.answer })
    const save = form.getByRole('button', { name: 'Save' })
    await user.click(save)
    await user.click(save)
    expect(edge.asked('PUT /pools/east/members')).toHaveLength(1)
    slow.give({})
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
  })

  test('whose name one may not read can still be kept', async () => {
    const { form, user, ...scene } = await edit({ 'GET /pools': { items: [{ ...east, members: [member('x', undefined)] }] }, 'PUT /pools/east/members': {} })
    await user.click(form.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(saved({ user, ...scene })).toEqual({ members: [{ user: 'x', capacity: 10, weight: 1 }] }))
  })
})
