// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { AuditPage } from './audit-page'
import type { Entry } from './queries'

const areas = [{ name: 'login', label: 'Log-in' }, { name: 'config', label: 'Configuration' }]
const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({ seq, at: '2026-11-23T01:30:05Z', area: 'login', kind: 'login.password', failed: false, actor: { kind: 'user', id: 'u-lin', label: 'Lin', address: '10.0.0.7' }, target: null, text: 'Logged in', ...more })

const page = (routes: Routes = {}, at = '/audit') =>
  show(<AuditPage />, {
    at,
    path: '/audit',
    routes: {
      'GET /session': sessionOf({ can: ['audit.read'] }),
      'GET /users': { items: [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }] },
      'GET /audit': { items: [entry(2), entry(1)], next_cursor: null, areas },
      ...routes,
    },
  })

const rows = async () => within(await screen.findByRole('list', { name: 'Audit' })).getAllByRole('listitem').filter((item) => item.querySelector('time'))

describe('the audit', () => {
  test('says when, who, from where, what and of which kind', async () => {
    await page()
    const [first] = await rows()
    expect(first.textContent?.replaceAll('\u202f', ' ')).toContain('Nov 23, 2026, 09:30:05')
    expect(first.textContent).toContain('Lin')
    expect(first.textContent).toContain('10.0.0.7')
    expect(first.textContent).toContain('Logged in')
    expect(first.textContent).toContain('Log-in')
  })

  test('shows what was before and after, a blank as a dash', async () => {
    await page({ 'GET /audit': { items: [entry(3, { details: [{ name: 'Role', before: '', after: 'Sales' }, { name: 'Phone', before: '1', after: '' }] })], next_cursor: null, areas } })
    const [row] = await rows()
    expect(row.textContent).toContain('– → Sales')
    expect(row.textContent).toContain('1 → –')
  })

  test('tells a token from a person', async () => {
    await page({ 'GET /audit': { items: [entry(4, { actor: { kind: 'token', label: 'Importer', address: '10.0.0.9' } })], next_cursor: null, areas } })
    expect((await rows())[0].textContent).toContain('token · 10.0.0.9')
  })

  test('names an area that it does not know as the server does', async () => {
    await page({ 'GET /audit': { items: [entry(5, { area: 'strange' })], next_cursor: null, areas } })
    expect((await rows())[0].textContent).toContain('strange')
  })

  test('keeps what is looked for in the address', async () => {
    const scene = await page()
    await rows()
    await scene.user.selectOptions(screen.getByLabelText('Kind'), 'Configuration')
    await arrivedAt(scene, '/audit?kind=config')
    await scene.user.selectOptions(screen.getByLabelText('Person'), 'Chen')
    await arrivedAt(scene, '/audit?kind=config&person=u-chen')
    await scene.user.click(screen.getByLabelText('Refused only'))
    await arrivedAt(scene, '/audit?kind=config&person=u-chen&failed=1')
    await waitFor(() => expect(scene.edge.last('GET /audit').query).toMatchObject({ kind: 'config', person: 'u-chen', failed: '1' }))
    await scene.user.selectOptions(screen.getByLabelText('Kind'), 'All')
    await arrivedAt(scene, '/audit?person=u-chen&failed=1')
  })

  test('takes days in the reader’s own writing', async () => {
    const scene = await page()
    await rows()
    await scene.user.type(screen.getByLabelText('From', { selector: 'input' }), '11/01/2026')
    await arrivedAt(scene, '/audit?from=2026-11-01')
    await waitFor(() => expect(scene.edge.last('GET /audit').query).toEqual({ from: '2026-11-01' }))
  })

  test('begins with what the address asks for, also in the file', async () => {
    const { edge } = await page({}, '/audit?kind=config&failed=1')
    await rows()
    expect(edge.last('GET /audit').query).toEqual({ kind: 'config', failed: '1' })
    expect(screen.getByRole('link', { name: 'Export CSV' }).getAttribute('href')).toBe('/api/v1/audit/export?kind=config&failed=1')
  })

  test('goes on to older entries', async () => {
    const { user } = await page({ 'GET /audit': ({ query }: Asked) => (query.cursor === 'c-1' ? { items: [entry(1, { text: 'Older' })], next_cursor: null, areas } : { items: [entry(2)], next_cursor: 'c-1', areas }) })
    await rows()
    await user.click(screen.getByRole('button', { name: 'More' }))
    expect(await screen.findByText('Older')).toBeDefined()
    await waitFor(() => expect(screen.queryByRole('button', { name: 'More' })).toBeNull())
  })

  test('says when nothing was found', async () => {
    await page({ 'GET /audit': { items: [], next_cursor: null, areas } })
    expect(await screen.findByText('Nothing was found')).toBeDefined()
  })

  test('says why there is none', async () => {
    await page({ 'GET /audit': refusal(403, 'forbidden', 'Not for you') })
    expect(await screen.findByText('Not for you')).toBeDefined()
  })

  test.each([
    [null, '2 entries, the chain is whole'],
    [7, 'The chain breaks at entry 7: something was changed or taken away'],
  ])('verifies the chain: broken at %s', async (broken, text) => {
    const { user } = await page({ 'GET /audit/verify': { entries: 2, head: 'h', broken_at: broken } })
    await rows()
    await user.click(screen.getByRole('button', { name: 'Verify' }))
    expect(await screen.findByText(text)).toBeDefined()
  })
})
