// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { FollowButton } from '@/features/comments/follow-button'
import { InboxPage } from '@/features/inbox/inbox-page'
import { ChannelPage } from '@/features/intake/channel-page'
import { MePage } from '@/features/me/me-page'
import { ChangesPage } from '@/features/setup/changes-page'
import { EditorRoute } from '@/features/setup/editor-route'
import { monday, sessionOf } from '@/testing/company'
import { noAnswer, refusal, reply, type Routes } from '@/testing/edge'
import { claimClock, draftOf, setupRoutes } from '@/testing/setup-company'
import { show, type Shown } from '@/testing/show'
import { DutyPage } from './duty-page'
import { Shell } from './shell'

/** Nothing that a person asked for fails in silence: whoever pressed a button has to know whether it worked. */

class NoStream extends EventTarget {
  readyState = 1
  close() {}
}

const press = async ({ user }: Shown, name: string | RegExp, role = 'button') => {
  await screen.findAllByRole(role, { name })
  await waitFor(() => expect(screen.getAllByRole(role, { name })[0].hasAttribute('disabled')).toBe(false))
  await user.click(screen.getAllByRole(role, { name })[0])
}

const everywhere: Routes = {
  'GET /session': sessionOf(),
  'GET /inbox': { items: [], unread: 0 },
  'GET /inbox/count': { unread: 0 },
  'GET /alerts': { kinds: ['assigned'], off: [], quiet: false, working: true },
  'GET /operations': { items: [] },
  'GET /pins': { items: [] },
}

const place = { id: 's-1', device: 'Chrome', address: '10.0.0.5', method: 'password', created_at: monday, seen_at: monday, current: true }
const own: Routes = {
  ...everywhere,
  'GET /session/factor': { enrolled: false, recovery_left: 0, due_at: null },
  'GET /sessions': { items: [place, { ...place, id: 's-2', device: 'Firefox', current: false }] },
  'GET /tokens': { items: [{ id: 't-1', name: 'Robot', seen_at: null }] },
}

const message = { id: 'm-1', kind: 'assigned', at: monday, read: false, urgent: false, text: 'Given to you' }
const inbox: Routes = { 'GET /inbox': { items: [message], unread: 1 } }

const changed = { kind: 'clock', kind_label: 'Clock', name: 'claim', label: 'Claim window', change: 'changed', words: ['Target changed'] }
const draft: Routes = { ...setupRoutes, 'GET /config/drafts': { items: [draftOf()] }, 'POST /config/drafts/d-1/diff': { items: [changed] }, 'POST /config/drafts/d-1/effects': { items: [] } }
const overtaken: Routes = {
  ...setupRoutes,
  'GET /config/clock/claim': () => reply(200, claimClock, { ETag: '"t-1"' }),
  'GET /config/drafts': { items: [draftOf({ documents: [{ kind: 'clock', name: 'claim', id: 'x', outdated: true }] })] },
  'GET /config/clock/claim/versions': { items: [{ version: 6, at: monday, by: null, label: '', changes: 1 }] },
  'GET /config/versions/6/diff': { items: [changed] },
}
const follow = '/records/project/p-1/follow'

interface Deed {
  page: ReactNode
  at?: string
  path?: string
  routes: Routes
  /** What is asked of the server. */
  asks: string
  act: (scene: Shown) => Promise<void>
}

const deeds: Record<string, Deed> = {
  'logging out by the menu': { page: <Shell />, routes: everywhere, asks: 'DELETE /session', act: async (scene) => (await press(scene, /Account/), press(scene, 'Log out', 'menuitem')) },
  'logging out on the own page': { page: <MePage />, routes: own, asks: 'DELETE /session', act: (scene) => press(scene, 'Log out') },
  'logging out before a duty is done': { page: <DutyPage session={{ ...sessionOf({ duty: 'password' }), at: 0 }} />, routes: everywhere, asks: 'DELETE /session', act: (scene) => press(scene, 'Log out') },
  'another language': { page: <Shell />, routes: everywhere, asks: 'PATCH /session', act: async (scene) => (await press(scene, 'Language'), press(scene, 'English', 'menuitem')) },
  'another language on the own page': { page: <MePage />, routes: own, asks: 'PATCH /session', act: (scene) => press(scene, 'English') },
  'ending a log-in': { page: <MePage />, routes: own, asks: 'DELETE /sessions/s-2', act: (scene) => press(scene, /^Log out Firefox/) },
  'ending all other log-ins': { page: <MePage />, routes: own, asks: 'POST /sessions/revoke', act: (scene) => press(scene, 'Log out all others') },
  'ending a token': { page: <MePage />, routes: own, asks: 'DELETE /tokens/t-1', act: (scene) => press(scene, /Robot/) },
  'marking a message as read': { page: <InboxPage />, routes: inbox, asks: 'POST /inbox/m-1/read', act: (scene) => press(scene, /Given to you/) },
  'marking all messages as read': { page: <InboxPage />, routes: inbox, asks: 'POST /inbox/read', act: (scene) => press(scene, 'Mark all as read') },
  following: { page: <FollowButton object="project" id="p-1" />, routes: { [`GET ${follow}`]: { following: false } }, asks: `PUT ${follow}`, act: (scene) => press(scene, 'Follow') },
  'following no more': { page: <FollowButton object="project" id="p-1" />, routes: { [`GET ${follow}`]: { following: true } }, asks: `DELETE ${follow}`, act: (scene) => press(scene, 'Unfollow') },
  'taking a document out of the draft': { page: <ChangesPage />, routes: draft, asks: 'DELETE /config/drafts/d-1/documents/clock/claim', act: (scene) => press(scene, /Take “Claim window” out/) },
  'throwing the draft away': {
    page: <ChangesPage />,
    routes: draft,
    asks: 'DELETE /config/drafts/d-1',
    act: async (scene) => {
      await press(scene, 'Discard all')
      await scene.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Discard all' }))
    },
  },
  'settling with who published meanwhile': { page: <EditorRoute />, at: '/setup/clock/claim', path: '/setup/$kind/$name', routes: overtaken, asks: 'POST /config/drafts/d-1/rebase', act: (scene) => press(scene, 'Keep mine') },
}

const open = ({ page, at, path, routes, asks }: Deed, answer: unknown) => {
  vi.stubGlobal('EventSource', NoStream)
  return show(page, { at, path, routes: { ...routes, [asks]: answer } })
}

describe.each(Object.entries(deeds))('%s', (_, deed) => {
  test.each<[string, unknown, RegExp]>([
    ['is refused', refusal(403, 'forbidden', 'That is not yours to do'), /That is not yours to do/],
    ['meets no server', noAnswer, /cannot be reached/],
  ])('%s: that is said, and can be tried again', async (_, answer, said) => {
    const scene = await open(deed, answer)
    await deed.act(scene)
    await waitFor(() => expect(scene.edge.asked(deed.asks)).toHaveLength(1))
    expect((await screen.findAllByText(said)).length).toBeGreaterThan(0)
    expect(scene.address()).not.toBe('/login')
  })
})

describe('what cannot be read is never told as nothing', () => {
  const channel = { name: 'douyin', label: 'Douyin', kind: 'signed', url: 'https://crm.example/in/douyin', object: 'lead', has_secret: true, received: 1, accepted: 1, touched: 0, duplicates: 0, failed: 0, rejected: 0 }

  test('the deliveries of a channel', async () => {
    await show(<ChannelPage name="douyin" />, { at: '/channels/douyin', routes: { 'GET /channels': { items: [channel] }, 'GET /channels/douyin/deliveries': refusal(403, 'forbidden', 'Deliveries are not yours to read') } })
    expect(await screen.findByText('Deliveries are not yours to read')).toBeDefined()
    expect(screen.queryByText('No deliveries')).toBeNull()
  })

  test('the changes of a draft', async () => {
    await show(<ChangesPage />, { at: '/setup/changes', routes: { ...draft, 'POST /config/drafts/d-1/diff': noAnswer } })
    expect(await screen.findByText(/cannot be reached/)).toBeDefined()
    expect(screen.queryByText('Nothing to publish')).toBeNull()
  })

  test('the own tokens', async () => {
    await show(<MePage />, { at: '/me', routes: { ...own, 'GET /tokens': refusal(503, 'busy', 'Tokens are not to be had now') } })
    expect(await screen.findByText('Tokens are not to be had now')).toBeDefined()
  })

  test('the own second factor', async () => {
    await show(<MePage />, { at: '/me', routes: { ...own, 'GET /session/factor': refusal(503, 'busy', 'The factor is not to be had now') } })
    expect(await screen.findByText('The factor is not to be had now')).toBeDefined()
    expect(screen.queryByRole('button', { name: 'Set up a second factor' })).toBeNull()
  })
})

test('who could not log out is still logged in, and out at the second try', async () => {
  const deed = deeds['logging out by the menu']
  const scene = await open(deed, noAnswer)
  await deed.act(scene)
  await screen.findByText(/cannot be reached/)
  expect((await screen.findAllByRole('navigation')).length).toBeGreaterThan(0)
  scene.edge.answer('DELETE /session', reply(204))
  await act(() => deed.act(scene))
  await waitFor(() => expect(scene.address()).toBe('/login'))
})
