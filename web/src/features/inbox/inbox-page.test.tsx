// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { monday } from '@/testing/company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { InboxPage } from './inbox-page'
import type { InboxItem } from './queries'

const message = (id: string, text: string, more: Partial<InboxItem> = {}): InboxItem => ({ id, kind: 'assigned', at: '2026-11-23T01:30:00Z', read: false, urgent: false, text, object: 'lead', record_id: `l-${id}`, record_label: 'Borui', ...more })
const told = (items: InboxItem[], unread = items.filter(({ read }) => !read).length, next_cursor?: string) => ({ items, unread, next_cursor })
const page = (inbox: unknown, routes: Routes = {}) => show(<InboxPage />, { at: '/inbox', routes: { 'GET /inbox': inbox, ...routes } })

describe('the inbox', () => {
  test('says what happened, to whom and when', async () => {
    await page(told([message('1', 'Borui was given to you'), message('2', 'Deadline missed', { urgent: true, read: true })]))
    const link = await screen.findByRole('link', { name: /Borui was given to you/ })
    expect(link.textContent).toBe('unreadBorui was given to youBorui · 30 minutes ago')
    expect(screen.getByRole('link', { name: /Deadline missed/ }).textContent).toContain('Urgent')
    expect(screen.getByText('1 unread')).toBeDefined()
  })

  test('leads to the record, and counts the message as read', async () => {
    const scene = await page(told([message('1', 'Given to you')]), { 'POST /inbox/1/read': {} })
    await scene.user.click(await screen.findByRole('link', { name: /Given to you/ }))
    await arrivedAt(scene, '/o/lead/l-1')
    expect(scene.edge.asked('POST /inbox/1/read')).toHaveLength(1)
  })

  test('of a message that was read asks nothing', async () => {
    const scene = await page(told([message('1', 'Given to you', { read: true })]))
    await scene.user.click(await screen.findByRole('link', { name: /Given to you/ }))
    await arrivedAt(scene, '/o/lead/l-1')
    expect(scene.edge.requests.some(({ method }) => method === 'POST')).toBe(false)
  })

  test('of a message about nothing that one may see only marks it', async () => {
    const scene = await page(told([message('1', 'A record was taken from you', { object: undefined, record_id: undefined, record_label: undefined })]), { 'POST /inbox/1/read': {} })
    await scene.user.click(await screen.findByRole('button', { name: /taken from you/ }))
    await waitFor(() => expect(scene.edge.asked('POST /inbox/1/read')).toHaveLength(1))
    expect(scene.address()).toBe('/inbox')
  })

  test('marks all as read', async () => {
    const { edge, user } = await page(told([message('1', 'One'), message('2', 'Two')]), { 'POST /inbox/read': {} })
    await screen.findByText('2 unread')
    edge.answer('GET /inbox', told([message('1', 'One', { read: true }), message('2', 'Two', { read: true })]))
    await user.click(screen.getByRole('button', { name: 'Mark all as read' }))
    await waitFor(() => expect(screen.queryByText('2 unread')).toBeNull())
    expect(screen.getByRole('button', { name: 'Mark all as read' })).toHaveProperty('disabled', true)
  })

  test('shows the unread alone when asked', async () => {
    const { edge, user } = await page(({ query }: Asked) => (query.unread ? told([message('1', 'New')]) : told([message('1', 'New'), message('2', 'Old', { read: true })])))
    await screen.findByText('Old')
    await user.click(screen.getByRole('radio', { name: 'Unread' }))
    await waitFor(() => expect(screen.queryByText('Old')).toBeNull())
    expect(edge.last('GET /inbox').query).toEqual({ unread: '1' })
  })

  test('goes back page by page', async () => {
    const { user, edge } = await page(({ query }: Asked) => (query.cursor ? told([message('1', 'Early')], 2) : told([message('2', 'Late')], 2, 'c-1')))
    await user.click(await screen.findByRole('button', { name: 'Earlier' }))
    expect(await screen.findByText('Early')).toBeDefined()
    expect(edge.last('GET /inbox').query.cursor).toBe('c-1')
    expect(screen.queryByRole('button', { name: 'Earlier' })).toBeNull()
  })

  test.each([
    ['All', /Nothing yet/],
    ['Unread', /Nothing unread/],
  ])('%s is empty in words of its own', async (part, text) => {
    const { user } = await page(told([]))
    await user.click(await screen.findByRole('radio', { name: part }))
    expect(await screen.findByText(text)).toBeDefined()
  })

  test('that cannot be read says why, and can be tried again', async () => {
    const { edge, user } = await page(refusal(503, 'busy', 'Not now'))
    expect(await screen.findByText('Not now')).toBeDefined()
    edge.answer('GET /inbox', told([message('1', 'One')]))
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('One')).toBeDefined()
  })

  test('tells no message of the future, though the demo’s clock leapt', async () => {
    await page(told([message('1', 'One', { at: '2026-11-26T02:00:00Z' })]))
    expect((await screen.findByText('One')).closest('li')?.querySelector('time')?.textContent).not.toMatch(/^in /)
    expect(monday < '2026-11-26').toBe(true)
  })
})
