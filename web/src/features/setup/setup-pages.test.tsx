// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { claimClock, draftOf, setupKinds, setupRoutes } from '@/testing/setup-company'
import { refusal, reply, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { ChangesPage, VersionsPage } from './changes-page'
import { SetupPage } from './index-page'
import { KindPage } from './kind-page'

const links = (name: string) => within(screen.getByRole('list', { name })).queryAllByRole('link').map((one) => one.getAttribute('href'))
const region = (name: string) => within(screen.getByRole('region', { name }))

describe('everything that can be configured', () => {
  const index = (routes: Routes = {}) => show(<SetupPage />, { at: '/setup', routes: { ...setupRoutes, ...routes } })

  test('stands in groups by what a person wants to do, each with how many there are', async () => {
    await index()
    expect((await screen.findByRole('region', { name: 'Rules' })).textContent).toContain('Clock2')
    expect(region('Data and pages').getByRole('link').getAttribute('href')).toBe('/setup/object')
    expect(screen.queryByRole('region', { name: 'Intake' })).toBeNull()
  })

  test('is found by a label in any language, by a name, or by a field that it has', async () => {
    const { user } = await index()
    const box = await screen.findByRole('searchbox')
    await screen.findByRole('region', { name: 'Rules' })
    for (const [words, first] of [['claim', '/setup/clock/claim'], ['xiansuo', '/setup/object/lead'], ['region', '/setup/object/lead'], ['group robot east', '/setup/robot/east']]) {
      await user.clear(box)
      await user.type(box, words)
      expect(links('Results')[0], words).toBe(first)
    }
    await user.clear(box)
    await user.type(box, 'nothing of the kind')
    expect(screen.getByText('Nothing found')).toBeDefined()
  })

  test('leads to the pages of settings that the reader may open, and to no others', async () => {
    await index({ 'GET /session': sessionOf({ can: ['config.write', 'users.read', 'audit.read'] }) })
    await screen.findByRole('region', { name: 'Rules' })
    expect(region('People, security and running').getAllByRole('link').map((one) => one.getAttribute('href'))).toEqual(['/people', '/audit'])
  })

  test('says how much waits to be published; the drafts of others are not counted', async () => {
    const mine = draftOf({ documents: [{ kind: 'clock', name: 'claim', id: 'a' }, { kind: 'object', name: 'lead', id: 'b' }] })
    const theirs = draftOf({ id: 'd-2', by: { id: 'u-chen', label: 'Chen' }, documents: [{ kind: 'pool', name: 'east', id: 'c' }] })
    await index({ 'GET /config/drafts': { items: [theirs, mine] } })
    expect((await screen.findByRole('link', { name: '2 changes to publish' })).getAttribute('href')).toBe('/setup/changes')
  })
})

describe('the documents of one kind', () => {
  const kind = (name = 'clock', routes: Routes = {}) => show(<KindPage />, { at: `/setup/${name}`, path: '/setup/$kind', routes: { ...setupRoutes, ...routes } })
  const begin = async (scene: Awaited<ReturnType<typeof kind>>, label: string) => {
    await scene.user.click(await screen.findByRole('button', { name: 'New: Clock' }))
    const dialog = within(await screen.findByRole('dialog'))
    await scene.user.type(dialog.getByRole('textbox', { name: 'Label' }), label)
    return dialog
  }

  test('are listed with what they are about', async () => {
    await kind()
    expect((await screen.findByRole('link', { name: /Claim window/ })).textContent).toBe('Claim windowLeadclaim')
  })

  test('a new one gets a technical name out of its label, and opens', async () => {
    const scene = await kind()
    const dialog = await begin(scene, 'Call back')
    expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Technical name' }).value).toBe('call_back')
    await scene.user.click(dialog.getByRole('button', { name: 'Create and edit' }))
    await arrivedAt(scene, '/setup/clock/call_back')
    expect(scene.edge.last('PUT /config/clock/call_back').body).toMatchObject({ name: 'call_back', label: { en: 'Call back' }, object: 'lead' })
    expect(scene.edge.last('PUT /config/clock/call_back').query.draft).toBe('d-1')
  })

  test('a name that is taken is said, and nothing is made over it', async () => {
    const scene = await kind()
    const dialog = await begin(scene, 'Something')
    const name = dialog.getByRole('textbox', { name: 'Technical name' })
    await scene.user.clear(name)
    await scene.user.type(name, 'claim')
    expect(dialog.getByText('This name is taken')).toBeDefined()
    await scene.user.type(name, ' Große')
    expect(dialog.getByText('Use small letters, digits and _ . -, a letter first')).toBeDefined()
    expect(dialog.queryByText('This name is taken')).toBeNull()
    await scene.user.clear(name)
    await scene.user.type(name, 'claim')
    expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Create and edit' }).disabled).toBe(true)
  })

  test('a label of Chinese letters alone still gets a name, and a free one', async () => {
    const scene = await kind()
    const dialog = await begin(scene, '回访')
    expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Technical name' }).value).toBe('clock_2')
  })

  test('that is refused says why in the dialog, and can be tried again', async () => {
    const scene = await kind('clock', { 'PUT /config/clock/call_back': refusal(403, 'forbidden', 'That is not yours to change') })
    const dialog = await begin(scene, 'Call back')
    await scene.user.click(dialog.getByRole('button', { name: 'Create and edit' }))
    expect(await dialog.findByText('That is not yours to change')).toBeDefined()
    expect(scene.address()).toBe('/setup/clock')
  })

  test('a copy has everything but the ids, and does not say that it is the first', async () => {
    const scene = await kind()
    await scene.user.click(await screen.findByRole('button', { name: 'Duplicate “Claim window”' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByRole<HTMLInputElement>('textbox', { name: 'Label' }).value).toBe('Claim window (copy)')
    await scene.user.click(dialog.getByRole('button', { name: 'Create and edit' }))
    await arrivedAt(scene, '/setup/clock/claim_window_copy')
    const body = scene.edge.last('PUT /config/clock/claim_window_copy').body as typeof claimClock & { id?: string }
    expect(body.id).toBeUndefined()
    expect(body.breach.map((one) => 'id' in one)).toEqual([false, false])
    expect(body.target).toEqual(claimClock.target)
  })

  test('a copy whose source cannot be read says why', async () => {
    const scene = await kind('clock', { 'GET /config/clock/claim': refusal(503, 'busy', 'Not now') })
    await scene.user.click(await screen.findByRole('button', { name: 'Duplicate “Claim window”' }))
    const dialog = within(await screen.findByRole('dialog'))
    await scene.user.click(dialog.getByRole('button', { name: 'Create and edit' }))
    expect(await dialog.findByText('Not now')).toBeDefined()
  })

  test('none yet is said', async () => {
    await kind('clock', { 'GET /config': { items: setupKinds.map((one) => (one.kind === 'clock' ? { ...one, items: [] } : one)) } })
    expect(await screen.findByText('None yet.')).toBeDefined()
  })
})

const changed = { kind: 'clock', kind_label: 'Clock', name: 'claim', label: 'Claim window', change: 'changed', words: ['Target changed from 30 min to 45 min'] }
const removed = { kind: 'pool', kind_label: 'Pool', name: 'east', label: 'East team', change: 'removed', words: [] }

describe('the changes to publish', () => {
  const changes = (routes: Routes = {}) =>
    show(<ChangesPage />, {
      at: '/setup/changes',
      routes: {
        ...setupRoutes,
        'GET /config/drafts': { items: [draftOf()] },
        'POST /config/drafts/d-1/diff': { items: [changed, removed] },
        'POST /config/drafts/d-1/effects': { items: [] },
        'GET /config/pool/east/used': { items: [{ kind: 'routing-table', kind_label: 'Routing table', name: 'lead', label: 'Lead routing', places: ['row 1'] }] },
        ...routes,
      },
    })

  test('are told in words; what is removed is not offered to be edited', async () => {
    await changes()
    expect(await screen.findByText('Target changed from 30 min to 45 min')).toBeDefined()
    expect(screen.getAllByRole('link', { name: 'Edit' }).map((one) => one.getAttribute('href'))).toEqual(['/setup/clock/claim'])
  })

  test('are taken out one by one', async () => {
    const { edge, user } = await changes({ 'DELETE /config/drafts/d-1/documents/clock/claim': undefined })
    await user.click(await screen.findByRole('button', { name: 'Take “Claim window” out of the draft' }))
    await waitFor(() => expect(edge.asked('DELETE /config/drafts/d-1/documents/clock/claim')).toHaveLength(1))
    await waitFor(() => expect(edge.asked('POST /config/drafts/d-1/diff').length).toBeGreaterThan(1))
  })

  test('are thrown away together only after a question', async () => {
    const { edge, user } = await changes({ 'DELETE /config/drafts/d-1': undefined })
    await user.click(await screen.findByRole('button', { name: 'Discard all' }))
    expect(edge.asked('DELETE /config/drafts/d-1')).toEqual([])
    edge.answer('GET /config/drafts', { items: [] })
    await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Discard all' }))
    expect(await screen.findByText('Nothing to publish')).toBeDefined()
    expect(screen.queryByRole('button', { name: 'Publish…' })).toBeNull()
  })

  test('are published after a last look, which names what would still use the removed', async () => {
    const { edge, user } = await changes({ 'POST /config/drafts/d-1/publish': { version: 5 } })
    await screen.findByText('Target changed from 30 min to 45 min')
    await user.click(screen.getByRole('button', { name: 'Publish…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Publish these changes?' }))
    expect(await dialog.findByText(/“East team” is still used in 1 places: Routing table “Lead routing”/)).toBeDefined()
    edge.answer('GET /config/drafts', { items: [] })
    await user.click(dialog.getByRole('button', { name: 'Publish now' }))
    expect(await screen.findByText('Published as version 5')).toBeDefined()
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('the last look has the keyboard before it knows the differences, and Escape ends it', async () => {
    const { user } = await changes({ 'POST /config/drafts/d-1/publish': { version: 5 } })
    await screen.findByText('Target changed from 30 min to 45 min')
    screen.getByRole('button', { name: 'Publish…' }).focus()
    await user.keyboard('{Enter}')
    const dialog = await screen.findByRole('dialog')
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Publish…'))
  })

  test('that cannot be published say each reason at its place, and stay a draft', async () => {
    const { user } = await changes({ 'POST /config/drafts/d-1/publish': refusal(422, 'invalid', 'The draft has faults', [{ path: 'routing-table/lead: rows[0].then.pool', message: 'There is no pool “east”' }]) })
    await screen.findByText('Target changed from 30 min to 45 min')
    await user.click(screen.getByRole('button', { name: 'Publish…' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Publish now' }))
    expect(await screen.findByText('The draft has faults')).toBeDefined()
    expect(screen.getByText('There is no pool “east”')).toBeDefined()
    expect(screen.getByRole('dialog')).toBeDefined()
  })
})

describe('the versions', () => {
  const version = (n: number, more = {}) => ({ version: n, at: `2026-11-2${n}T02:00:00Z`, by: { id: 'u-chen', label: 'Chen' }, label: '', changes: 1, ...more })
  const versions = (routes: Routes = {}) =>
    show(<VersionsPage />, {
      at: '/setup/versions',
      routes: {
        'GET /config/versions': { items: [version(3, { restored_from: 1 }), version(2, { label: 'Fair' }), version(1, { by: null })] },
        'GET /config/versions/:n/diff': ({ path, query }: Asked) => ({ items: [{ ...changed, words: [`${query.from} to ${path.split('/')[3]}`] }] }),
        ...routes,
      },
    })

  test('tell who published them, and what the newest changed', async () => {
    await versions()
    expect(await screen.findByText('2 to 3')).toBeDefined()
    const rows = screen.getAllByRole('listitem').map((one) => one.textContent ?? '')
    expect(rows.find((text) => text.startsWith('v3'))).toMatch(/Chen · restored from v1current$/)
    expect(rows.find((text) => text.startsWith('v2'))).toMatch(/Chen · FairRoll everything back$/)
    expect(rows.find((text) => text.startsWith('v1'))).toContain('the program')
    // The company's own time, wherever the reader's browser is.
    expect(rows.find((text) => text.startsWith('v1'))).toMatch(/Nov 21, 2026, 10:00/)
  })

  test('are compared, any two; the wrong way round is said', async () => {
    const { user } = await versions()
    await screen.findByText('2 to 3')
    await user.selectOptions(screen.getByRole('combobox', { name: 'From version' }), '1')
    expect(await screen.findByText('1 to 3')).toBeDefined()
    await user.selectOptions(screen.getByRole('combobox', { name: 'To version' }), '1')
    expect(screen.getByText('Choose the earlier version first.')).toBeDefined()
  })

  test('are rolled back to after a question, and the present one is not offered', async () => {
    const { edge, user } = await versions({ 'POST /config/versions/2/rollback': reply(201, { version: 4 }) })
    await screen.findByText('2 to 3')
    expect(screen.getAllByRole('button', { name: 'Roll everything back' })).toHaveLength(2)
    await user.click(screen.getAllByRole('button', { name: 'Roll everything back' })[0])
    const sure = within(screen.getByRole('alertdialog'))
    expect(sure.getByText(/back to version 2/)).toBeDefined()
    await user.click(sure.getByRole('button', { name: 'Roll everything back' }))
    await waitFor(() => expect(edge.asked('POST /config/versions/2/rollback')).toHaveLength(1))
  })

  test('that cannot be rolled back to say why', async () => {
    const { user } = await versions({ 'POST /config/versions/2/rollback': refusal(409, 'in_use', 'A field of later records would be lost') })
    await screen.findByText('2 to 3')
    await user.click(screen.getAllByRole('button', { name: 'Roll everything back' })[0])
    await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Roll everything back' }))
    expect(await screen.findByText('A field of later records would be lost')).toBeDefined()
  })
})
