// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { refusal, reply, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { ChannelPage } from './channel-page'
import { ChannelsPage } from './channels-page'
import { readable } from './payload'
import type { Channel, Delivery } from './types'

const channel = (more: Partial<Channel> = {}): Channel => ({
  name: 'douyin', label: 'Douyin', kind: 'signed', url: 'https://crm.example/in/douyin', object: 'lead', has_secret: true, received: 20, accepted: 15, touched: 2, duplicates: 1, failed: 2, rejected: 0, unsigned: 3, delay_p50_seconds: 4, last_at: '2026-11-22T17:00:00Z', ...more,
})
const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({ id, at: '2026-11-22T17:00:00Z', status: 'accepted', repeats: 0, external_id: `x-${id}`, ...more })

const one = (routes: Routes = {}, more: Partial<Channel> = {}) =>
  show(<ChannelPage name="douyin" />, { at: '/channels/douyin', routes: { 'GET /channels': { items: [channel(more)] }, 'GET /deliveries': { items: [delivery('1', { record: { object: 'lead', id: 'l-1', label: 'Borui' } }), delivery('2', { status: 'failed', repeats: 2, errors: [{ path: 'phone', code: 'x', message: 'No such number' }] })] }, 'GET /channels/douyin/deliveries': { items: [delivery('1', { record: { object: 'lead', id: 'l-1', label: 'Borui' } }), delivery('2', { status: 'failed', repeats: 2, errors: [{ path: 'phone', code: 'x', message: 'No such number' }] })] }, ...routes } })

describe('all channels', () => {
  test('tell what each brought, and which one lacks its secret', async () => {
    await show(<ChannelsPage />, { routes: { 'GET /channels': { items: [channel(), channel({ name: 'expo', label: 'Expo', has_secret: false, delay_p50_seconds: null, last_at: null }), channel({ name: 'site', label: 'Site', kind: 'form', has_secret: false })] } } })
    expect((await screen.findByRole('link', { name: 'Expo' })).closest('th')?.textContent).toBe('Expono secret')
    expect(screen.getByRole('link', { name: 'Site' }).closest('th')?.textContent).toBe('Site')
    const cells = [...(screen.getByRole('link', { name: 'Douyin' }).closest('tr')?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent)
    expect(cells.slice(0, 8)).toEqual(['Signed push', '20', '15', '2', '1', '2', '0', '4 s'])
  })

  test('tell when in the company’s time', async () => {
    await show(<ChannelsPage />, { routes: { 'GET /channels': { items: [channel()] } } })
    expect((await screen.findByText(/^11\/23\/26/)).textContent?.replaceAll('\u202f', ' ')).toBe('11/23/26, 01:00')
  })

  test('that cannot be read say why', async () => {
    await show(<ChannelsPage />, { routes: { 'GET /channels': refusal(503, 'busy', 'Not now') } })
    expect((await screen.findByText('Not now')).getAttribute('role')).toBe('alert')
  })
})

describe('a channel', () => {
  test('shows its address, its counts and what came', async () => {
    await one()
    expect(await screen.findByText('https://crm.example/in/douyin')).toBeDefined()
    const rows = (await screen.findAllByRole('row')).slice(1).map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.replaceAll('\u202f', ' ').trim()))
    expect(rows.map((cells) => cells.slice(0, 4))).toEqual([
      ['11/23/26, 01:00:00', 'Accepted', 'Borui', 'x-1'],
      ['11/23/26, 01:00:00', 'Failed repeated 2 times', 'No such number', 'x-2'],
    ])
  })

  test('that there is not says so', async () => {
    await show(<ChannelPage name="gone" />, { routes: { 'GET /channels': { items: [] }, 'GET /deliveries': { items: [] }, 'GET /channels/gone/deliveries': { items: [] } } })
    expect(await screen.findByText('There is no channel gone')).toBeDefined()
  })

  test('shows one kind of deliveries when asked', async () => {
    const { edge, user } = await one()
    await user.click(await screen.findByRole('radio', { name: 'Failed' }))
    await waitFor(() => expect(edge.requests.some(({ path, query }) => path.includes('deliveries') && query.status === 'failed')).toBe(true))
  })

  test('of a form has a code to point a phone at, and no secret', async () => {
    await one({}, { kind: 'form', url: 'https://crm.example/f/site' })
    expect((await screen.findByAltText('QR code of the Douyin form')).getAttribute('src')).toBe('/f/site/qr.svg')
    expect(screen.queryByRole('button', { name: /secret/ })).toBeNull()
  })

  test('replays what failed, and says what came of it', async () => {
    const { user, edge } = await one({ 'POST /channels/douyin/replay': { replayed: 1, failed: 1 } })
    await user.click(await screen.findByRole('button', { name: 'Replay all failed' }))
    await waitFor(() => expect(edge.requests.some(({ method, path }) => method === 'POST' && path.includes('replay'))).toBe(true))
    expect(await screen.findByText('1 replayed, 1 still failing')).toBeDefined()
  })

  test('has nothing to replay where nothing failed', async () => {
    await one({}, { failed: 0 })
    expect(await screen.findByRole('button', { name: 'Replay all failed' })).toHaveProperty('disabled', true)
  })

  test('gets a secret that nobody reads back', async () => {
    const { edge, user } = await one({ 'PUT /channels/douyin/secret': reply(204) })
    await user.click(await screen.findByRole('button', { name: 'Change secret' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Secret of Douyin' }))
    expect(dialog.getByRole('button', { name: 'Save secret' })).toHaveProperty('disabled', true)
    await user.type(dialog.getByLabelText(/^Secret/, { selector: 'input' }), 's3cret')
    await user.click(dialog.getByRole('button', { name: 'Save secret' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(edge.last('PUT /channels/douyin/secret').body).toEqual({ secret: 's3cret' })
  })
})

describe('a delivery', () => {
  const detail = { ...delivery('2', { status: 'failed', errors: [{ path: 'phone', code: 'x', message: 'No such number' }] }), headers: { 'X-Signature': 'abc' }, body: '{"phone":"12","more":"{\\"a\\":1}"}', mapped: { colour: 'red', source: 'dy', phone: '+8613800138000', tags: ['a'] } }
  const open = async (routes: Routes = {}) => {
    const scene = await one({ 'GET /deliveries/2': detail, ...routes })
    await scene.user.click(within((await screen.findAllByRole('row'))[2]).getByRole('button'))
    await screen.findByRole('dialog', { name: 'Delivery' })
    return scene
  }

  test('shows what was sent, what was made of it, and what was wrong', async () => {
    await open()
    expect(await screen.findByText('After mapping')).toBeDefined()
    expect([...document.querySelectorAll('[role=dialog] dl > div')].map((one) => one.textContent)).toEqual(['Phone138 0013 8000', 'SourceDouyin', 'Tagsa', 'colourred'])
    expect(screen.getByRole('group', { name: 'As it came' }).textContent).toContain('"a": 1')
    expect(screen.getByRole('group', { name: 'Headers' }).textContent).toBe('X-Signature: abc')
    expect(within(screen.getByRole('dialog')).getByText('phone', { selector: 'code' }).parentElement?.textContent).toBe('phone No such number')
  })

  test.each<[string, unknown, string]>([
    ['a lead', { status: 'accepted', record: 'l-9' }, 'Replayed: it became a lead'],
    ['nothing yet', { status: 'failed', errors: [{ path: 'email', code: 'x', message: 'No address' }] }, 'Replayed, and still failing'],
  ])('is replayed and became %s', async (_, answer, words) => {
    const { user } = await open({ 'POST /deliveries/2/replay': answer })
    await user.click(await screen.findByRole('button', { name: 'Replay' }))
    expect(await screen.findByText(words)).toBeDefined()
  })

  test('that cannot be read says why', async () => {
    await open({ 'GET /deliveries/2': refusal(404, 'gone', 'It was cleared after 90 days') })
    expect(await screen.findByText('It was cleared after 90 days')).toBeDefined()
  })

  test('leads to its record', async () => {
    const scene = await open({ 'GET /deliveries/2': { ...detail, status: 'accepted', record: { object: 'lead', id: 'l-9', label: 'Kaida' } } })
    await scene.user.click(await screen.findByRole('link', { name: 'Kaida' }))
    await arrivedAt(scene, '/o/lead/l-9')
    expect(scene.edge.asked('GET /deliveries/2').every((asked: Asked) => asked.method === 'GET')).toBe(true)
  })
})

test.each([
  ['', ''],
  ['a=1&b=2', 'a=1&b=2'],
  ['"text"', '"text"'],
  ['{"a":"{bad"}', '{\n  "a": "{bad"\n}'],
  ['[1,"[2]"]', '[\n  1,\n  [\n    2\n  ]\n]'],
  ['{"a":"12"}', '{\n  "a": "12"\n}'],
])('a body %s reads', (body, text) => {
  expect(readable(body)).toBe(text)
})
