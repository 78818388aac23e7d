// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { House } from 'lucide-react'
import { describe, expect, test } from 'vitest'
import { arrivedAt, show } from '@/testing/show'
import { Keys } from './key-listener'
import { homePlace, type Place } from './places'

const leads: Place = { to: '/leads', icon: House, label: 'Leads' }
const reach = (more: { places?: Place[]; mayCreate?: boolean } = {}) => ({ places: [homePlace, leads], objects: [], mayCreate: true, demo: false, ...more })
const page = (more?: Parameters<typeof reach>[0]) =>
  show(
    <>
      <Keys reach={reach(more)} />
      <label>
        Words
        <input />
      </label>
      <button type="button">A button</button>
    </>,
    { at: '/tasks' },
  )

describe('keys on any page', () => {
  test('two letters lead to a place', async () => {
    const scene = await page()
    await scene.user.keyboard('gl')
    await arrivedAt(scene, '/leads')
    await scene.user.keyboard('gh')
    await arrivedAt(scene, '/home')
  })

  test('a place that the reader has not is not gone to', async () => {
    const scene = await page()
    await scene.user.keyboard('gs')
    expect(scene.address()).toBe('/tasks')
  })

  test('n begins a lead', async () => {
    const scene = await page()
    await scene.user.keyboard('n')
    await arrivedAt(scene, '/leads/new')
  })

  test('letters in a field are letters', async () => {
    const scene = await page()
    await scene.user.type(screen.getByLabelText('Words'), 'gln?')
    expect(screen.getByLabelText<HTMLInputElement>('Words').value).toBe('gln?')
    expect(scene.address()).toBe('/tasks')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('letters on a button still lead', async () => {
    const scene = await page()
    screen.getByRole('button', { name: 'A button' }).focus()
    await scene.user.keyboard('gl')
    await arrivedAt(scene, '/leads')
  })

  test.each(['{Control>}n{/Control}', '{Alt>}n{/Alt}', '{Meta>}n{/Meta}'])('%s is the browser’s', async (keys) => {
    const scene = await page()
    await scene.user.keyboard(keys)
    expect(scene.address()).toBe('/tasks')
  })

  test('? lists the keys that this reader has, and Escape puts the list away', async () => {
    const { user } = await page({ mayCreate: false })
    await user.keyboard('?')
    const list = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
    expect(list.textContent).toContain('Go to Leads')
    expect(list.textContent).not.toContain('New lead')
    expect(list.textContent).not.toContain('Go to Configuration')
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Keyboard shortcuts' })).toBeNull())
  })

  test('within an open dialog the keys rest', async () => {
    const scene = await page()
    await scene.user.keyboard('?')
    const list = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })
    const close = list.querySelector('button')
    close?.focus()
    await scene.user.keyboard('n')
    expect(scene.address()).toBe('/tasks')
  })
})
