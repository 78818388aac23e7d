// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal, type Asked } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { HomePage } from './home-page'
import type { FirstStep } from './types'

const step = (name: FirstStep['name'], done = false, more: Partial<FirstStep> = {}): FirstStep => ({ name, done, count: 0, ...more })
const steps = [step('people', true), step('departments'), step('pools', true, { count: 1, of: 8 }), step('calendar', true, { document: 'cn' }), step('backup')]
const administrator = sessionOf({ user: { home: 'administrator' } })
const home = (routes = {}, session = administrator) =>
  show(<HomePage />, { at: '/home', routes: { 'GET /session': session, 'GET /home': { kind: session.user.home, blocks: [] }, 'GET /first-steps': { put_away: false, steps }, ...routes } })
const box = () => screen.findByRole('region', { name: 'First steps' })

describe('the first steps', () => {
  test('say what is done, what is next and why', async () => {
    await home()
    const list = within(await box())
    expect(list.getByText('3 of 5 done')).toBeDefined()
    const rows = list.getAllByRole('listitem')
    expect(rows.map((row) => [within(row).getByRole('link').textContent, within(row).getByRole('img').getAttribute('aria-label')])).toEqual([
      ['Invite your colleagues', 'Done'],
      ['Set up departments', 'To do'],
      ['Put sellers into pools', 'Done'],
      ['Check the working calendar', 'Done'],
      ['Make the first backup', 'To do'],
    ])
    expect(rows.map((row) => row.hasAttribute('data-next'))).toEqual([false, true, false, false, false])
    expect(list.getByText(/A department decides/)).toBeDefined()
    expect(list.queryByText(/With an account/)).toBeNull()
    expect(list.getByText('1 of 8 pools have somebody')).toBeDefined()
  })

  test('lead in one tap to where a step is done', async () => {
    const scene = await home()
    await scene.user.click(within(await box()).getByRole('link', { name: 'Set up departments' }))
    await arrivedAt(scene, '/people?part=departments')
  })

  test('are put away, and come back at once when that was a mistake', async () => {
    const scene = await home({ 'PUT /first-steps': ({ body }: Asked) => ({ put_away: (body as { put_away: boolean }).put_away, steps }) })
    await scene.user.click(within(await box()).getByRole('button', { name: 'Put the first steps away' }))
    await waitFor(() => expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull())
    await scene.user.click(await screen.findByRole('button', { name: 'Undo' }))
    await box()
    expect(scene.edge.asked('PUT /first-steps').map(({ body }) => body)).toEqual([{ put_away: true }, { put_away: false }])
  })

  test('stay where the server refused to put them away, and say why', async () => {
    const scene = await home({ 'PUT /first-steps': refusal(503, 'busy', 'The disk is full') })
    await scene.user.click(within(await box()).getByRole('button', { name: 'Put the first steps away' }))
    expect(await screen.findByText('The disk is full')).toBeDefined()
    await box()
  })

  test('are not asked for on anybody else’s home', async () => {
    const scene = await home({}, sessionOf({ user: { home: 'sales' } }))
    expect(await screen.findByText('There is nothing to follow up yet')).toBeDefined()
    expect(scene.edge.asked('GET /first-steps')).toEqual([])
  })

  test('are gone once all is done', async () => {
    const scene = await home({ 'GET /first-steps': { put_away: false, steps: [step('people', true)] } })
    await waitFor(() => expect(scene.edge.asked('GET /first-steps')).toHaveLength(1))
    await screen.findByText('There is nothing to follow up yet')
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull()
  })
})
