// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { sessionOf } from '@/testing/company'
import { noAnswer, refusal, reply, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { EntranceSection } from './entrance-section'
import { LeaveList } from './leave-list'
import type { User } from './types'

const lin: User = { id: 'lin', name: 'Lin', roles: [], department: null, active: true, open_load: 0, capacity: 20, away: false }
const entrances = { sessions: [{ id: 's-1' }, { id: 's-2' }], tokens: [{ id: 't-1' }], factor: true }
const keeper = sessionOf({ can: ['users.write', 'security.write'] })
const section = (routes: Routes = {}, session = keeper) => show(<EntranceSection user={lin} />, { routes: { 'GET /session': session, 'GET /users/lin/sessions': entrances, ...routes } })
const button = (name: string) => screen.findByRole<HTMLButtonElement>('button', { name })
const said = (text: string) => screen.findByText(text)

describe('how somebody comes in', () => {
  test('is told: the log-ins, the tokens and the second factor', async () => {
    await section()
    expect(await said('2 log-ins, 1 tokens. The second factor is on.')).toBeDefined()
  })

  test('is for those who keep the doors alone; a link for a password is for all who write people', async () => {
    const { edge } = await section({}, sessionOf({ can: ['users.write'] }))
    await button('Make a link for a new password')
    expect(screen.getAllByRole('button')).toHaveLength(1)
    expect(edge.asked('GET /users/lin/sessions')).toEqual([])
  })

  test('without a log-in leaves nothing to end, and without a factor none to reset', async () => {
    await section({ 'GET /users/lin/sessions': { sessions: [], tokens: [], factor: false } })
    expect((await button('Log out everywhere')).disabled).toBe(true)
    expect(screen.queryByRole('button', { name: 'Reset the second factor' })).toBeNull()
  })
})

describe('a link for a new password', () => {
  test('is shown once, whole, with its secret where no server sees it, and is copied', async () => {
    const { edge, user } = await section({ 'POST /users/lin/reset': reply(201, { token: 'abc123' }) })
    const write = vi.fn().mockResolvedValue(undefined)
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: write } })
    await user.click(await button('Make a link for a new password'))
    const box = await screen.findByLabelText<HTMLInputElement>(/^Send the link/)
    expect(box.value).toBe(`${location.origin}/set-password#abc123`)
    expect(box.readOnly).toBe(true)
    await user.click(await button('Copy'))
    expect(write).toHaveBeenCalledWith(box.value)
    expect(await button('Copied')).toBeDefined()
    expect(edge.asked('POST /users/lin/reset')).toHaveLength(1)
  })

  test('that may not be made says why', async () => {
    const { user } = await section({ 'POST /users/lin/reset': refusal(403, 'forbidden', 'An administrator’s password is set by administrators') })
    await user.click(await button('Make a link for a new password'))
    expect(await said('An administrator’s password is set by administrators')).toBeDefined()
    expect(screen.queryByLabelText(/^Send the link/)).toBeNull()
  })
})

const acts: [string, string, string][] = [
  ['Log out everywhere', 'POST /users/lin/sessions/revoke', 'Logged out everywhere'],
  ['Reset the second factor', 'DELETE /users/lin/factor', 'The second factor is reset'],
  ['Unlink from the provider', 'DELETE /users/lin/link', 'Unlinked'],
]

describe.each(acts)('%s', (name, route, done) => {
  test('is done, said, and what is known is read again', async () => {
    vi.stubGlobal('confirm', () => true)
    const { edge, user } = await section({ [route]: reply(204) })
    const act = await button(name)
    const before = edge.asked('GET /users/lin/sessions').length
    await user.click(act)
    expect(await said(done)).toBeDefined()
    expect(edge.asked(route)).toHaveLength(1)
    await waitFor(() => expect(edge.asked('GET /users/lin/sessions').length).toBeGreaterThan(before))
  })

  test.each<[string, () => unknown, RegExp]>([
    ['refused', refusal(403, 'forbidden', 'That is not yours to do'), /That is not yours to do/],
    ['without an answer', noAnswer, /cannot be reached/],
  ])('%s says so, and never that it was done', async (_, answer, reason) => {
    vi.stubGlobal('confirm', () => true)
    const { user } = await section({ [route]: answer })
    await user.click(await button(name))
    expect(await screen.findByText(reason)).toBeDefined()
    expect(screen.queryByText(done)).toBeNull()
  })
})

test('a second factor is not reset before one is sure', async () => {
  const asked = vi.fn(() => false)
  vi.stubGlobal('confirm', asked)
  const { edge, user } = await section({ 'DELETE /users/lin/factor': reply(204) })
  await user.click(await button('Reset the second factor'))
  expect(asked).toHaveBeenCalledWith('Reset the second factor of Lin? All log-ins end at once.')
  expect(edge.asked('DELETE /users/lin/factor')).toEqual([])
})

describe('leave that cannot be', () => {
  const leave = { id: 'v-1', from: '2026-11-23T16:00:00Z', to: '2026-11-25T16:00:00Z', reason: 'Holiday' }
  const list = (routes: Routes) => show(<LeaveList user={lin} />, { routes: { 'GET /users/lin/leave': { items: [leave] }, ...routes } })

  test('cancelled says why, and stays', async () => {
    const { user } = await list({ 'DELETE /leave/v-1': refusal(409, 'over', 'That leave is over') })
    await user.click(await screen.findByRole('button', { name: /^Cancel/ }))
    expect(await said('That leave is over')).toBeDefined()
    expect(screen.getByText(/Holiday/)).toBeDefined()
  })

  test('read says why, and is not told as none', async () => {
    await list({ 'GET /users/lin/leave': refusal(403, 'forbidden', 'Not yours to read') })
    expect(await said('Not yours to read')).toBeDefined()
    expect(screen.queryByText('No leave')).toBeNull()
  })

  test('each has its own way to cancel, told apart by its day', async () => {
    await list({ 'GET /users/lin/leave': { items: [leave, { id: 'v-2', from: '2026-12-23T16:00:00Z', to: '2026-12-24T16:00:00Z', reason: '' }] } })
    const items = await screen.findAllByRole('listitem')
    expect(items.map((one) => within(one).getByRole('button').textContent)).toEqual(['CancelNov 24, 2026', 'CancelDec 24, 2026'])
    expect(items[1].textContent).toContain('Dec 24, 2026')
  })
})
