// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { leadObject, sessionOf } from '@/testing/company'
import { claimClock, setupRoutes } from '@/testing/setup-company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { withValue, type Body } from './document'
import { DocumentDrawers, type DrawerName } from './document-drawers'
import { EditorProvider } from './editor-context'
import { DocumentPanels } from './panels'
import { RoleMatrix } from './role-matrix'

let now: Body = {}

/** What stands around the form of a document. */
function Around({ kind, name, first, part, drawer = null }: { kind: string; name: string; first: Body; part: 'panels' | 'matrix' | 'drawers'; drawer?: DrawerName | null }) {
  const [body, setBody] = useState(first)
  useEffect(() => {
    now = body
  }, [body])
  return (
    <EditorProvider value={{ language: 'en', kind, name, body, faults: [], change: (path, value) => setBody((old) => withValue(old, path, value)), call: (_, text) => text }}>
      {part === 'panels' && <DocumentPanels draft="d-1" />}
      {part === 'matrix' && <RoleMatrix />}
      {part === 'drawers' && <DocumentDrawers open={drawer} checked={undefined} draft={null} onClose={() => {}} onReplace={setBody} onReload={() => {}} />}
    </EditorProvider>
  )
}
const around = (props: Parameters<typeof Around>[0], routes: Routes = {}) => show(<Around {...props} />, { routes: { ...setupRoutes, ...routes } })
const panel = (name: string) => within(screen.getByRole('complementary', { name }))
const part = (name: string) => within(screen.getByRole('region', { name }))

describe('trying a rule', () => {
  const table: Body = { label: { en: 'Lead routing' }, object: 'lead', rows: [], fallback: { role: 'manager' } }
  const routed = (owner: string, more = {}) => ({ owner: { label: owner }, row: { label: 'East', condition: '' }, candidates: [], ...more })
  const routing = (answer: unknown, routes: Routes = {}) => around({ kind: 'routing-table', name: 'lead', first: table, part: 'panels' }, { 'GET /records/lead': { items: [{ id: 'l-1', company: 'Borui' }, { id: 'l-2', company: '' }] }, 'POST /simulate/routing-table/lead': answer, ...routes })
  const recent = async () => {
    const list = await screen.findByRole('combobox', { name: 'Recent record' })
    await waitFor(() => expect(within(list).getAllByRole('option').map((one) => one.textContent)).toEqual(['Recent record', 'Borui', 'l-2']))
    return list
  }

  test('on a record that there is: what would be, beside what is', async () => {
    const { edge, user } = await routing(({ body }: Asked) => ((body as Body).document ? routed('Chen') : { owner: null, fallback: true }))
    await user.selectOptions(await recent(), 'l-1')
    await waitFor(() => expect(part('As edited now').getByText('Chen')).toBeDefined())
    expect(part('As edited now').getByText('Row “East”')).toBeDefined()
    await waitFor(() => expect(part('As live').getByText('Nobody')).toBeDefined())
    expect(part('As live').getByText('Fallback')).toBeDefined()
    const [written, live] = [true, false].map((has) => edge.asked('POST /simulate/routing-table/lead').find(({ body }) => 'document' in (body as Body) === has))
    expect(written).toMatchObject({ query: { draft: 'd-1' }, body: { record: 'l-1', document: table } })
    expect(live?.query.draft).toBeUndefined()
  })

  test('on values that are chosen, in the words of the fields; nothing is asked before there is one', async () => {
    const { edge, user } = await routing(routed('Chen'))
    const add = await screen.findByRole('combobox', { name: 'Add a value…' })
    await waitFor(() => expect(within(add).getAllByRole('option').length).toBeGreaterThan(3))
    await user.selectOptions(add, 'Region')
    await new Promise((done) => setTimeout(done, 400))
    expect(edge.asked('POST /simulate/routing-table/lead')).toEqual([])
    await user.selectOptions(screen.getByRole('combobox', { name: 'Region' }), 'East China')
    await waitFor(() => expect(edge.last('POST /simulate/routing-table/lead').body).toMatchObject({ fields: { region: 'huadong' } }))
  })

  test('tells who could have been chosen, and what kept the others', async () => {
    const candidates = [{ user: { label: 'Chen' }, load: 3, capacity: 20, eligible: true }, { user: { label: 'Lin' }, load: 20, capacity: 20, eligible: false, reason: 'full' }, { user: { label: 'Wang' }, load: 1, capacity: 0, eligible: false, reason: 'away' }]
    const { user } = await routing(routed('Chen', { candidates, adds: [{ field: 'tags', values: ['hot', 'vip'] }] }))
    await user.selectOptions(await recent(), 'l-1')
    await waitFor(() => expect(part('As edited now').getAllByRole('listitem').map((one) => one.textContent)).toEqual(['Chen · 3/20', 'Lin · 20/20 · full', 'Wang · 1 · on leave']))
    expect(part('As edited now').getByText('Tags + hot, vip')).toBeDefined()
  })

  test('that has a fault says where; the live one still answers', async () => {
    const { user } = await routing(({ body }: Asked) => ((body as Body).document ? refusal(422, 'invalid', 'Wrong', [{ path: 'rows[0].when', message: 'unknown name\nfax = 1' }])() : routed('Chen')))
    await user.selectOptions(await recent(), 'l-1')
    expect(await screen.findByText('unknown name')).toBeDefined()
    expect(part('As edited now').getByText('unknown name')).toBeDefined()
    await waitFor(() => expect(part('As live').getByText('Chen')).toBeDefined())
  })

  test('of a clock tells when it falls due, in the company’s time', async () => {
    const answer = { state: 'running', acts: [{ kind: 'due', due: '2026-11-23T02:30:00Z' }, { kind: 'warn', at: '2026-11-23T02:15:00Z', label: 'Half time' }] }
    const { user } = await around({ kind: 'clock', name: 'claim', first: claimClock, part: 'panels' }, { 'GET /records/lead': { items: [{ id: 'l-1', company: 'Borui' }] }, 'POST /simulate/clock/claim': answer })
    await waitFor(() => expect(screen.getByRole('option', { name: 'Borui' })).toBeDefined())
    await user.selectOptions(screen.getByRole('combobox', { name: 'Recent record' }), 'l-1')
    await waitFor(() => expect(part('As live').getByText(/^Due Nov 23, 2026, 10:30/)).toBeDefined())
    expect(part('As live').getByText(/10:15.*Half time/)).toBeDefined()
  })

  test('by somebody who may read no records still takes values', async () => {
    const { edge } = await routing(routed('Chen'), { 'GET /catalog': { objects: [leadObject({ can: { create: false, read: false, update: false, delete: false } })] } })
    await screen.findByRole('combobox', { name: 'Add a value…' })
    expect(edge.asked('GET /records/lead')).toEqual([])
  })
})

describe('a mapping beside its sample', () => {
  const channel: Body = { label: { en: 'Douyin' }, kind: 'signed', object: 'lead', mapping: [] }
  const made = { fields: [{ name: 'status', label: 'Status', value: 'chengjiao' }, { name: 'phone', label: 'Phone', value: '+8613800138000' }, { name: 'tags', label: 'Tags', value: ['a', 'b'], flag: 'doubtful' }], errors: [{ path: 'mapping[1]', message: 'No such path' }], delivery_key: 'm-1', record_key: 'r-1' }
  const session = sessionOf({ can: ['deliveries.read'] })
  const beside = (routes: Routes = {}) =>
    around({ kind: 'channel', name: 'douyin', first: channel, part: 'panels' }, {
      'GET /session': session,
      'GET /channels/douyin/deliveries': { items: [{ id: 'x-1', at: '2026-11-23T01:00:00Z', status: 'accepted' }] },
      'GET /deliveries/x-1': { id: 'x-1', at: '2026-11-23T01:00:00Z', status: 'accepted', body: '{"tel":"138"}' },
      'POST /config/channel/douyin/preview': made,
      ...routes,
    })

  test('shows the last delivery as it came, and the record that it becomes, in words', async () => {
    await beside()
    await waitFor(() => expect(panel('Sample').getByText(/"tel": "138"/)).toBeDefined())
    await waitFor(() => expect([...document.querySelectorAll('dl > div')].map((one) => one.textContent)).toEqual(['StatusWon', 'Phone138 0013 8000', 'Tagsa, bdoubtful', 'Delivery keym-1', 'Record keyr-1']))
    expect(panel('Sample').getByText('No such path')).toBeDefined()
    expect(within(panel('Sample').getByRole('combobox', { name: 'Received data' })).getByRole('option', { name: /11\/23\/26, 09:00.*accepted/ })).toBeDefined()
  })

  test('takes a sample that is pasted where nothing came yet', async () => {
    const { edge } = await beside({ 'GET /channels/douyin/deliveries': { items: [] } })
    const paste = await panel('Sample').findByRole('textbox', { name: 'Paste a received JSON' })
    expect(edge.asked('POST /config/channel/douyin/preview')).toEqual([])
    fireEvent.change(paste, { target: { value: '{"tel":"139"}' } })
    await waitFor(() => expect(edge.last('POST /config/channel/douyin/preview').body).toMatchObject({ sample: '{"tel":"139"}', document: channel }))
  })

  test('that is no JSON says so, once, beside the sample', async () => {
    await beside({ 'GET /channels/douyin/deliveries': { items: [] }, 'POST /config/channel/douyin/preview': refusal(422, 'malformed_json', 'That is no JSON') })
    fireEvent.change(await panel('Sample').findByRole('textbox', { name: 'Paste a received JSON' }), { target: { value: '{' } })
    expect((await panel('Sample').findByText('That is no JSON')).getAttribute('role')).toBe('alert')
  })
})

describe('a form as a visitor sees it', () => {
  const form: Body = { label: { en: 'Fair' }, title: { en: 'Welcome' }, intro: { en: 'Leave your card' }, submit: { en: 'Send' }, object: 'lead', fields: [{ name: 'phone', required: true }, { name: 'company', label: { en: 'Your firm' } }, { name: 'gone' }, {}] }

  test('has its questions in their order, in its own words before the object’s', async () => {
    await around({ kind: 'form', name: 'fair', first: form, part: 'panels' })
    await waitFor(() => expect(panel('Preview').getAllByRole('listitem').map((one) => one.textContent)).toEqual(['Phone *', 'Your firm', 'gone', '']))
    expect(panel('Preview').getByText('Welcome')).toBeDefined()
    expect(panel('Preview').getByText('Send')).toBeDefined()
    expect(panel('Preview').queryByRole('img')).toBeNull()
  })

  test('that is public has an address, a code to point a phone at, and a snippet for a website', async () => {
    await around({ kind: 'form', name: 'fair', first: { ...form, public: true }, part: 'panels' })
    expect((await panel('Preview').findByRole('link')).getAttribute('href')).toMatch(/\/f\/fair$/)
    expect(panel('Preview').getByRole('img', { name: 'QR code' }).getAttribute('src')).toBe('/f/fair/qr.svg')
    expect(panel('Preview').getByText(/<iframe src=".*\/f\/fair"/)).toBeDefined()
  })
})

test('who is in a pool is kept with the people, for those who may change it there', async () => {
  await around({ kind: 'pool', name: 'east', first: {}, part: 'panels' }, { 'GET /session': sessionOf({ can: ['users.write'] }) })
  expect((await panel('Members').findByRole('link', { name: 'Open people' })).getAttribute('href')).toBe('/people')
})

describe('the rights of a role', () => {
  const role: Body = { label: { en: 'Sales' }, objects: { lead: { read: true, update: true, scope: 'own', fields: { phone: 'read' } } } }
  const matrix = async () => {
    const scene = await around({ kind: 'role', name: 'sales', first: role, part: 'matrix' })
    await screen.findByRole('checkbox', { name: 'Lead Read' })
    return scene
  }
  const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })
  const ruleOf = (object: string) => (now.objects as Record<string, Body>)[object]

  test('stand as a table of every object by acts', async () => {
    await matrix()
    expect(screen.getAllByRole('rowheader').map((one) => one.textContent)).toEqual(['Lead', 'Task', 'Everything else'])
    expect(['Create', 'Read', 'Update', 'Delete'].map((act) => box(`Lead ${act}`).checked)).toEqual([false, true, true, false])
  })

  test('given anew reach one’s own records until more is said', async () => {
    const { user } = await matrix()
    await user.click(box('Task Update'))
    expect(ruleOf('task')).toEqual({ update: true, scope: 'own' })
    await user.click(box('Lead Delete'))
    expect(ruleOf('lead')).toMatchObject({ delete: true, scope: 'own', fields: { phone: 'read' } })
  })

  test('taken away to the last leave no rule behind', async () => {
    const { user } = await matrix()
    await user.click(box('Lead Read'))
    expect(ruleOf('lead')).toMatchObject({ update: true })
    await user.click(box('Lead Update'))
    expect(now.objects).toEqual({})
  })

  test('of one object open below, with its fields', async () => {
    const { user } = await matrix()
    await user.click(screen.getByRole('button', { name: 'Scope and fields (1)' }))
    expect(await screen.findByRole('heading', { level: 3, name: 'Lead' })).toBeDefined()
    await user.click(await screen.findByRole('button', { name: 'Remove “phone”' }))
    expect(ruleOf('lead').fields).toEqual({})
  })
})

describe('beside the form', () => {
  const drawers = (drawer: DrawerName, routes: Routes = {}) => around({ kind: 'clock', name: 'claim', first: claimClock, part: 'drawers', drawer }, routes)
  const text = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'YAML text' })

  test('the document as text is pasted back, and a fault names its line', async () => {
    const { edge, user } = await drawers('yaml', { 'POST /config/convert': ({ body }: Asked) => ('yaml' in (body as Body) ? refusal(422, 'invalid', 'Wrong', [{ path: '', message: 'A key stands twice', line: 3, column: 2 } as never])() : { yaml: 'name: claim\n', body: {} }) })
    await waitFor(async () => expect((await text()).value).toBe('name: claim\n'))
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Load into the editor' }).disabled).toBe(true)
    fireEvent.change(await text(), { target: { value: 'name: x\nname: y' } })
    await user.click(screen.getByRole('button', { name: 'Load into the editor' }))
    expect(await screen.findByText('Line 3, column 2: A key stands twice')).toBeDefined()
    edge.answer('POST /config/convert', { yaml: '', body: { name: 'claim', label: { en: 'From text' } } })
    await user.click(screen.getByRole('button', { name: 'Load into the editor' }))
    await waitFor(() => expect(now).toEqual({ name: 'claim', label: { en: 'From text' } }))
  })

  test('a removal tells first what still uses the document', async () => {
    const uses = [{ kind: 'routing-table', kind_label: 'Routing table', name: 'lead', label: 'Lead routing', places: ['row 1', 'row 1', 'row 2'] }]
    const { edge, user } = await drawers('remove', { 'GET /config/clock/claim/used': { items: uses }, 'DELETE /config/clock/claim': undefined })
    expect(await screen.findByText(/1 document still uses it/)).toBeDefined()
    expect(screen.getByRole('link', { name: 'Lead routing' }).getAttribute('href')).toBe('/setup/routing-table/lead')
    expect(screen.getByText('row 1, row 2')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Put into the draft' }))
    await waitFor(() => expect(edge.last('DELETE /config/clock/claim').query.draft).toBe('d-1'))
  })

  test('what uses it is told, or that nothing does', async () => {
    await drawers('used', { 'GET /config/clock/claim/used': { items: [] } })
    expect(await screen.findByText('Nothing else uses it.')).toBeDefined()
  })

  test('an earlier version is loaded, not yet published', async () => {
    const versions = [{ version: 3, at: '2026-11-23T01:00:00Z', by: null, label: '', changes: 1 }, { version: 2, at: '2026-11-22T01:00:00Z', by: null, label: '', changes: 1 }]
    const { edge, user } = await drawers('versions', { 'GET /config/clock/claim/versions': { items: versions }, 'GET /config/versions/3/diff': { items: [] }, 'GET /config/clock/claim': { name: 'claim', label: { en: 'As it was' } } })
    await user.click(await screen.findByRole('button', { name: 'Load this one' }))
    await waitFor(() => expect(now).toEqual({ name: 'claim', label: { en: 'As it was' } }))
    expect(edge.last('GET /config/clock/claim').query.version).toBe('2')
  })
})
