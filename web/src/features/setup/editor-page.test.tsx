// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test } from 'vitest'
import { draftOf, claimClock, setupRoutes } from '@/testing/setup-company'
import { refusal, reply, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { EditorRoute } from './editor-route'

const clock = async (routes: Routes = {}) => {
  const scene = await show(<EditorRoute />, { at: '/setup/clock/claim', path: '/setup/$kind/$name', routes: { ...setupRoutes, 'GET /config/clock/claim': () => reply(200, claimClock, { ETag: '"t-1"' }), ...routes } })
  await screen.findByRole('heading', { level: 1 })
  return scene
}
const english = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'Label (English)' })
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name })
const rename = async (scene: Awaited<ReturnType<typeof clock>>, name: string) => {
  const input = await english()
  await scene.user.clear(input)
  await scene.user.paste(name)
}
const mine = (more: Record<string, unknown> = {}) => ({ 'GET /config/drafts': { items: [draftOf({ documents: [{ kind: 'clock', name: 'claim', id: 'x', ...more }] })] } })

afterEach(() => localStorage.clear())

describe('a document that is live', () => {
  test('is called by its label, and offers nothing that would change nothing', async () => {
    await clock()
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Claim window')
    expect(screen.getByText('Live')).toBeDefined()
    expect([button('Save draft').disabled, button('Publish…').disabled, button('Undo').disabled]).toEqual([true, true, true])
    expect(screen.getByRole('link', { name: 'Clock' }).getAttribute('href')).toBe('/setup/clock')
  })

  test('of a kind that the editor cannot read says so and leads back', async () => {
    await show(<EditorRoute />, { at: '/setup/clock/claim', path: '/setup/$kind/$name', routes: { ...setupRoutes, 'GET /config/schemas/clock': { type: 'object', properties: { x: { oneOf: [] } } } } })
    expect(await screen.findByText('This document cannot be opened')).toBeDefined()
    expect(screen.getByRole('link', { name: 'Setup' })).toBeDefined()
  })

  test('that there is not says why', async () => {
    await show(<EditorRoute />, { at: '/setup/clock/none', path: '/setup/$kind/$name', routes: { ...setupRoutes, 'GET /config/clock/none': refusal(404, 'not_found', 'There is no clock “none”') } })
    expect(await screen.findByText('There is no clock “none”')).toBeDefined()
  })
})

describe('what is typed', () => {
  test('is not saved yet, says so, and is checked by the server once the typing rests', async () => {
    const scene = await clock({ 'POST /config/check': { errors: [], others: [], changes: ['Label changed'] } })
    await rename(scene, 'Claim quickly')
    expect(screen.getByText('Not saved')).toBeDefined()
    await waitFor(() => expect((scene.edge.last('POST /config/check').body as { body: { label: unknown } }).body.label).toEqual({ 'zh-CN': 'Lingqu', en: 'Claim quickly' }))
    expect(await screen.findByRole('button', { name: '1 change' })).toBeDefined()
  })

  test('is taken back word by word, down to what is live', async () => {
    const scene = await clock()
    await rename(scene, 'Quick')
    await scene.user.click(button('Undo'))
    expect((await english()).value).toBe('Claim window')
    expect(screen.getByText('Live')).toBeDefined()
    expect(button('Undo').disabled).toBe(true)
  })

  test('is still there after the page was left without saving', async () => {
    localStorage.setItem('clew.setup.clock/claim', JSON.stringify({ body: { ...claimClock, label: { en: 'Half writ' } }, tag: '"t-1"' }))
    const scene = await clock()
    expect((await english()).value).toBe('Half writ')
    expect(screen.getByText('Text that was not saved last time is back.')).toBeDefined()
    await scene.user.click(button('Discard this text'))
    expect((await english()).value).toBe('Claim window')
    await waitFor(() => expect(localStorage.getItem('clew.setup.clock/claim')).toBeNull())
  })

  test('and found again, though somebody wrote meanwhile, is to be looked at', async () => {
    localStorage.setItem('clew.setup.clock/claim', JSON.stringify({ body: { ...claimClock, label: { en: 'Half writ' } }, tag: '"older"' }))
    await clock()
    expect(await screen.findByText(/the document was changed since/)).toBeDefined()
  })

  test('that is kept but broken is passed over', async () => {
    localStorage.setItem('clew.setup.clock/claim', '{"body": 7')
    await clock()
    expect((await english()).value).toBe('Claim window')
  })
})

describe('saving', () => {
  test('begins a draft, and the next time quotes what it got', async () => {
    const scene = await clock({ 'PUT /config/clock/claim': ({ body }: Asked) => reply(200, body, { ETag: '"t-2"' }) })
    await rename(scene, 'Quick')
    scene.edge.answer('GET /config/drafts', mine()['GET /config/drafts'])
    await scene.user.click(button('Save draft'))
    expect(await screen.findByText('Draft')).toBeDefined()
    expect(scene.edge.asked('POST /config/drafts')).toHaveLength(1)
    expect(scene.edge.last('PUT /config/clock/claim').query.draft).toBe('d-1')
    expect(scene.edge.last('PUT /config/clock/claim').headers.get('If-Match')).toBeNull()
    await rename(scene, 'Quicker')
    await scene.user.keyboard('{Control>}s{/Control}')
    await waitFor(() => expect(scene.edge.asked('PUT /config/clock/claim')).toHaveLength(2))
    expect(scene.edge.last('PUT /config/clock/claim').headers.get('If-Match')).toBe('"t-2"')
    expect(scene.edge.asked('POST /config/drafts')).toHaveLength(1)
  })

  test('twice at once is one write, not two that meet', async () => {
    const scene = await clock({ ...mine(), 'POST /config/drafts/d-1/diff': { items: [] }, 'POST /config/drafts/d-1/effects': { items: [] } })
    await rename(scene, 'Quick')
    fireEvent.click(button('Publish…'))
    fireEvent.click(button('Publish…'))
    expect(await screen.findByRole('dialog')).toBeDefined()
    expect(scene.edge.asked('PUT /config/clock/claim')).toHaveLength(1)
  })

  test('with Ctrl and S does nothing where nothing was typed', async () => {
    const scene = await clock()
    await scene.user.keyboard('{Control>}s{/Control}')
    expect(scene.edge.asked('PUT /config/clock/claim')).toEqual([])
  })

  test('over what was changed in another window asks first; mine can win', async () => {
    const scene = await clock({ ...mine(), 'PUT /config/clock/claim': refusal(412, 'stale', 'Changed meanwhile') })
    await rename(scene, 'Mine')
    await scene.user.click(button('Save draft'))
    expect(await screen.findByText('This draft was changed in another window.')).toBeDefined()
    scene.edge.answer('PUT /config/clock/claim', ({ body }: Asked) => reply(200, body, { ETag: '"t-3"' }))
    await scene.user.click(button('Overwrite with mine'))
    await waitFor(() => expect(screen.queryByText('This draft was changed in another window.')).toBeNull())
    expect(scene.edge.last('PUT /config/clock/claim').headers.get('If-Match')).toBeNull()
    expect((await english()).value).toBe('Mine')
  })

  test('over what was changed in another window: theirs can be taken', async () => {
    const scene = await clock({ ...mine(), 'PUT /config/clock/claim': refusal(412, 'stale', 'Changed meanwhile') })
    await rename(scene, 'Mine')
    await scene.user.click(button('Save draft'))
    await screen.findByText('This draft was changed in another window.')
    scene.edge.answer('GET /config/clock/claim', () => reply(200, { ...claimClock, label: { en: 'Theirs' } }, { ETag: '"t-9"' }))
    await scene.user.click(button('Take theirs'))
    await waitFor(async () => expect((await english()).value).toBe('Theirs'))
  })

  test('that is refused otherwise says why and keeps the text', async () => {
    const scene = await clock({ ...mine(), 'PUT /config/clock/claim': refusal(503, 'busy', 'Not now') })
    await rename(scene, 'Mine')
    await scene.user.click(button('Save draft'))
    expect(await screen.findByText('Not now')).toBeDefined()
    expect((await english()).value).toBe('Mine')
    expect(screen.getByText('Not saved')).toBeDefined()
  })
})

describe('faults', () => {
  const errors = [
    { path: 'target.minutes', code: 'too_small', message: 'At least 1' },
    { path: 'breach[1].tell', code: 'required', message: 'Somebody has to be told' },
  ]

  test('stand where the eye is, are counted, and keep from publishing', async () => {
    const scene = await clock({ ...mine(), 'POST /config/check': { errors, others: [], changes: ['x'] } })
    await scene.user.click(await screen.findByRole('button', { name: '2 problems' }))
    const drawer = within(await screen.findByRole('dialog', { name: 'Problems' }))
    expect(drawer.getByText('This document')).toBeDefined()
    expect(drawer.getAllByRole('listitem').map((one) => one.textContent)).toEqual(['target.minutesAt least 1', 'breach[1].tellSomebody has to be told'])
    expect(button('Publish…').disabled).toBe(true)
    // The row that holds one says so without being opened.
    expect(within(screen.getByRole('list', { name: 'Breach' })).getAllByRole('listitem')[1].textContent).toContain('1 problem')
  })

  test('of others that it would break are told apart', async () => {
    const scene = await clock({ 'POST /config/check': { errors: [], others: [{ path: 'routing-table/lead: rows.0', code: 'unknown', message: 'No pool' }], changes: [] } })
    await scene.user.click(await screen.findByRole('button', { name: '1 problem' }))
    expect(within(await screen.findByRole('dialog')).getByText('Others that it would break')).toBeDefined()
  })
})

describe('discarding', () => {
  test('is asked first, and leaves the draft without the document', async () => {
    const scene = await clock({ ...mine(), 'DELETE /config/drafts/d-1/documents/clock/claim': undefined })
    await scene.user.click(button('More actions'))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Discard draft' }))
    const sure = within(screen.getByRole('alertdialog'))
    await scene.user.click(sure.getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('alertdialog')).toBeNull()
    await scene.user.click(button('More actions'))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Discard draft' }))
    await scene.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Discard draft' }))
    await waitFor(() => expect(scene.edge.asked('DELETE /config/drafts/d-1/documents/clock/claim')).toHaveLength(1))
  })

  test('begins at what loses nothing, and Escape gives the keyboard back', async () => {
    const scene = await clock(mine())
    button('More actions').focus()
    await scene.user.keyboard('{Enter}')
    await scene.user.click(screen.getByRole('menuitem', { name: 'Discard draft' }))
    expect(document.activeElement?.textContent).toBe('Cancel')
    await scene.user.keyboard('{Escape}')
    expect(screen.queryByRole('alertdialog')).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(button('More actions')))
  })

  test('that does not reach the server says so and keeps what was typed', async () => {
    const scene = await clock({ ...mine(), 'DELETE /config/drafts/d-1/documents/clock/claim': refusal(503, 'busy', 'Not now') })
    await rename(scene, 'Mine')
    await scene.user.click(button('More actions'))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Discard draft' }))
    await scene.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Discard draft' }))
    expect(await screen.findByText('Not now')).toBeDefined()
    expect((await english()).value).toBe('Mine')
  })

  // Beyond the one route of the test the page knows no kind any more.
  test('a document that was never published leads to the others of its kind', async () => {
    const fresh = { items: [{ kind: 'clock', label: 'Clock', items: [{ name: 'claim', id: 'x', label: 'Claim window', version: 0, draft: true }] }] }
    const scene = await clock({ ...mine(), 'GET /config': fresh, 'GET /config/schemas/': {}, 'DELETE /config/drafts/d-1/documents/clock/claim': undefined })
    await scene.user.click(button('More actions'))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Discard draft' }))
    await scene.user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Discard draft' }))
    await arrivedAt(scene, '/setup/clock')
  })
})

describe('somebody else', () => {
  test('who has it in a draft too is named', async () => {
    const theirs = { ...draftOf({ id: 'd-2', by: { id: 'u-chen', label: 'Chen' }, documents: [{ kind: 'clock', name: 'claim', id: 'x' }] }) }
    await clock({ 'GET /config/drafts': { items: [theirs] } })
    expect(await screen.findByText('This document is in a draft of Chen too.')).toBeDefined()
  })

  test('who published it meanwhile: what changed is told, and whose holds is chosen', async () => {
    const scene = await clock({
      ...mine({ outdated: true }),
      'GET /config/clock/claim/versions': { items: [{ version: 6, at: '2026-11-23T01:00:00Z', by: null, label: '', changes: 1 }] },
      'GET /config/versions/6/diff': { items: [{ kind: 'clock', kind_label: 'Clock', name: 'claim', label: 'Claim window', change: 'changed', words: ['Target changed to 20 minutes'] }] },
      'POST /config/drafts/d-1/rebase': draftOf(),
    })
    expect(await screen.findByText('Target changed to 20 minutes')).toBeDefined()
    expect(scene.edge.last('GET /config/versions/6/diff').query.from).toBe('4')
    await scene.user.click(button('Take theirs'))
    await waitFor(() => expect(scene.edge.last('POST /config/drafts/d-1/rebase').body).toEqual({ draft: undefined, mine: [], theirs: ['clock/claim'] }))
  })
})
