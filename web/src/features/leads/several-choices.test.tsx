// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { field, lead, leadObject, sessionOf } from '@/testing/company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { ListPage } from './list-page'

const roles = field('roles', 'choices', { choices: [{ name: 'tech', label: 'Technical' }, { name: 'money', label: 'Buying' }, { name: 'user', label: 'User' }] })
const columns = ['company', 'roles', 'contact']
const object = { ...leadObject(), fields: [...leadObject().fields, roles], views: [{ name: 'all', label: 'All leads', filter: '', sort: '-created_at', columns }] }
const rows = [lead('1', 'Borui', { roles: ['money'] }), lead('2', 'Hengtai', { roles: null })]

const chip = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

/** The list with the several choices of a row under the hand. */
async function edit(row: string, routes: Routes = {}) {
  const scene = await show(<ListPage />, {
    at: '/leads?view=all',
    path: '/leads',
    routes: {
      'GET /session': sessionOf(),
      'GET /catalog': { objects: [object] },
      'GET /views': { items: [], default: '', order: [], share_with: [] },
      'GET /records/lead': { items: rows, count: 2 },
      'PATCH /records/lead/1': ({ body }: Asked) => ({ ...rows[0], ...(body as object) }),
      'PATCH /records/lead/2': ({ body }: Asked) => ({ ...rows[1], ...(body as object) }),
      ...routes,
    },
  })
  fireEvent.doubleClick((await screen.findByRole('grid')).querySelector(`#cell-${row}-roles`) as HTMLElement)
  await screen.findByRole('group', { name: 'Roles' })
  await waitFor(() => expect(document.activeElement).toBe(chip('Technical')))
  return { ...scene, saved: () => scene.edge.asked(`PATCH /records/lead/${row}`).map(({ body }) => body) }
}

test('several choices of a cell are turned on and off by keyboard, and saved by Enter as one change', async () => {
  const { user, saved } = await edit('1')
  await user.keyboard(' {ArrowRight} {ArrowRight} ')
  expect(saved()).toEqual([])
  await user.keyboard('{Enter}')
  await waitFor(() => expect(saved()).toEqual([{ roles: ['tech', 'user'], base: { roles: ['money'] } }]))
  expect(await within(await screen.findByRole('grid')).findByText('Technical')).toBeDefined()
})

test('taps from chip to chip stay in the cell; a tap elsewhere saves', async () => {
  const { user, saved } = await edit('2')
  await user.click(chip('Technical'))
  await user.click(chip('User'))
  expect(saved()).toEqual([])
  ;(document.activeElement as HTMLElement).blur()
  await waitFor(() => expect(saved()).toEqual([{ roles: ['tech', 'user'], base: { roles: null } }]))
})

test('the last one let go of leaves the cell blank', async () => {
  const { user, saved } = await edit('1')
  await user.click(chip('Buying'))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(saved()).toEqual([{ roles: null, base: { roles: ['money'] } }]))
})

test('turned on and off again is no change', async () => {
  const { user, saved } = await edit('1')
  await user.keyboard('  {Enter}')
  await waitFor(() => expect(screen.queryByRole('group', { name: 'Roles' })).toBeNull())
  expect(saved()).toEqual([])
})

test('Escape leaves them as they were', async () => {
  const { user, saved } = await edit('1')
  await user.keyboard(' {Escape}')
  await waitFor(() => expect(screen.queryByRole('group', { name: 'Roles' })).toBeNull())
  expect(saved()).toEqual([])
})

test('a refusal is said at the chips, which stay as they were chosen', async () => {
  const { user } = await edit('1', { 'PATCH /records/lead/1': refusal(422, 'invalid', 'Wrong', [{ path: 'roles', message: 'Buying goes alone' }]) })
  await user.keyboard(' {Enter}')
  expect(await screen.findByText('Buying goes alone')).toBeDefined()
  expect([chip('Technical').checked, chip('Buying').checked, chip('User').checked]).toEqual([true, true, false])
  expect(chip('Technical').getAttribute('aria-invalid')).toBe('true')
})
