// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { lead, leadObject, sessionOf } from '@/testing/company'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { ListPage } from './list-page'

const rows = [lead('1', 'Borui'), lead('2', 'Hengtai', { status: 'talking', contact: null }), lead('3', 'Kaida', { budget: null })]
const all = { name: 'all', label: 'All leads', filter: '', sort: '-created_at', columns: ['company', 'contact', 'status', 'budget', 'owner'] }
const mine = { name: 'mine', label: 'Mine', filter: 'owner = ME()', sort: 'next_due', columns: ['company', 'next_due'] }
const object = leadObject({ views: [all, mine] })
const shelf = { items: [], default: '', order: [], share_with: [] }
const told = (items = rows, more = {}) => ({ items, count: items.length, ...more })

interface Scene {
  at?: string
  routes?: Routes
  can?: string[]
  phone?: boolean
}

const page = ({ at = '/leads?view=all', routes = {}, can = [], phone }: Scene = {}) =>
  show(<ListPage />, { at, path: '/leads', phone, routes: { 'GET /session': sessionOf({ can }), 'GET /catalog': { objects: [object] }, 'GET /views': shelf, 'GET /records/lead': told(), 'GET /users': { items: [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }] }, ...routes } })

const grid = () => screen.findByRole('grid')
const companies = () => screen.getAllByRole('row').slice(1).map((row) => within(row).queryByRole('link')?.textContent)
const asked = (scene: { edge: { last: (route: string) => Asked } }) => scene.edge.last('GET /records/lead').query
const heads = () => screen.getAllByRole('columnheader').map((one) => one.textContent)

describe('the list', () => {
  test('shows what the view asks for', async () => {
    const scene = await page()
    const table = await grid()
    expect(table.getAttribute('aria-label')).toBe('Leads · All leads')
    expect(companies()).toEqual(['Borui', 'Hengtai', 'Kaida'])
    expect(heads()).toEqual(['Company', 'Contact', 'Status', 'Budget', 'Owner'])
    expect(screen.getByText('3 records')).toBeDefined()
    expect(asked(scene)).toMatchObject({ sort: '-created_at', count: '1' })
    expect(asked(scene).fields.split(',')).toEqual(expect.arrayContaining(['company', 'contact', 'status', 'budget', 'owner']))
  })

  test('of which only a part was counted is counted whole when asked', async () => {
    const { user } = await page({ routes: { 'GET /records/lead': ({ query }: Asked) => (query.count === 'exact' ? { items: [], count: 12345 } : told(rows, { count: 1000, count_more: true })) } })
    expect(await screen.findByText('1,000+ records')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Count exactly' }))
    expect(await screen.findByText('12,345 records')).toBeDefined()
  })

  test('without anything says the next step', async () => {
    await page({ routes: { 'GET /records/lead': told([]) }, can: ['deliveries.read'] })
    expect(await screen.findByText('There are no leads yet')).toBeDefined()
    expect(screen.getByRole('link', { name: 'Connect a channel' })).toBeDefined()
  })

  const narrowed = (all: object[]) => ({ 'GET /records/lead': ({ query }: Asked) => (query.filter ? told([]) : { items: all }) })

  test('that opens on a narrow view of nothing at all invites too', async () => {
    const scene = await page({ at: '/leads?view=mine', routes: narrowed([]), can: ['deliveries.read'] })
    expect(await screen.findByText('There are no leads yet')).toBeDefined()
    expect(screen.getByText(/by a form or a platform/)).toBeDefined()
    expect(screen.getByRole('link', { name: 'Connect a channel' })).toBeDefined()
    expect(scene.edge.last('GET /records/lead').query).toEqual({ fields: 'id', limit: '1' })
  })

  test('that opens on a narrow view leads to the others', async () => {
    await page({ at: '/leads?view=mine', routes: narrowed([{ id: '1' }]) })
    expect(await screen.findByRole('button', { name: 'Show all' })).toBeDefined()
    expect(screen.queryByText('There are no leads yet')).toBeNull()
  })

  test('in which nothing matches leads back', async () => {
    const scene = await page({ at: '/leads?view=all&filter=score+%3E+9', routes: { 'GET /records/lead': told([]) } })
    await screen.findByText('Nothing matches')
    await scene.user.click(screen.getByRole('button', { name: 'Clear filter' }))
    await arrivedAt(scene, '/leads?view=all')
  })

  test('with a filter that does not compile shows the place', async () => {
    await page({ at: '/leads?view=all&filter=scor+%3E+9', routes: { 'GET /records/lead': refusal(422, 'invalid', 'Wrong', [{ path: 'filter', message: 'scor > 9\n^ no such field' }]) } })
    const alarm = (await screen.findByText('The filter does not work')).closest('[role=alert]') as HTMLElement
    expect(alarm.textContent).toContain('^ no such field')
  })

  test('that cannot be read is tried again', async () => {
    const { edge, user } = await page({ routes: { 'GET /records/lead': refusal(503, 'busy', 'Not now') } })
    await screen.findByText('Not now')
    edge.answer('GET /records/lead', told())
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await grid()
  })

  test('of an object that one may not see is not there', async () => {
    await page({ routes: { 'GET /catalog': { objects: [] } } })
    expect(await screen.findByText('There is no such list, or you may not see it')).toBeDefined()
  })

  test.each([
    ['/leads?view=gone', /There is no such view any more/],
    ['/leads?view=v-1', /filters by something that you may not see/],
  ])('at %s shows nothing rather than more than it should', async (at, words) => {
    const { edge } = await page({ at, routes: { 'GET /views': { ...shelf, items: [{ id: 'v-1', label: 'Rich', share: 'team', team: { id: 'd', label: 'East' }, owner: null, can_change: false, refused: true }] } } })
    expect(await screen.findByText(words)).toBeDefined()
    expect(edge.asked('GET /records/lead')).toEqual([])
  })

  test('on a phone is cards', async () => {
    await page({ phone: true })
    const list = await screen.findByRole('list', { name: 'Leads · All leads' })
    expect(within(list).getAllByRole('link').map((one) => one.querySelector('strong')?.textContent)).toEqual(['Borui', 'Hengtai', 'Kaida'])
    expect(screen.queryByRole('grid')).toBeNull()
  })
})

describe('the order', () => {
  test.each([
    ['/leads?view=all', 'Company', '/leads?view=all&sort=company'],
    ['/leads?view=all&sort=company', 'Company', '/leads?view=all&sort=-company'],
    ['/leads?view=all&sort=-company', 'Company', '/leads?view=all&sort=company'],
  ])('at %s a click on %s leads to %s', async (at, head, address) => {
    const scene = await page({ at })
    await grid()
    await scene.user.click(within(screen.getByRole('columnheader', { name: new RegExp(`^${head}`) })).getByRole('button'))
    await arrivedAt(scene, address)
  })

  test('with Shift gets a further level, and tells which is which', async () => {
    const scene = await page({ at: '/leads?view=all&sort=company' })
    await grid()
    await scene.user.keyboard('{Shift>}')
    await scene.user.click(within(screen.getByRole('columnheader', { name: /^Budget/ })).getByRole('button'))
    await scene.user.keyboard('{/Shift}')
    await arrivedAt(scene, '/leads?view=all&sort=company%2Cbudget')
    await waitFor(() => expect(heads()).toContain('Budget2'))
    expect(screen.getByRole('columnheader', { name: /^Company/ }).getAttribute('aria-sort')).toBe('ascending')
  })

  test('is changed level by level in its panel', async () => {
    const scene = await page({ at: '/leads?view=all&sort=company,-budget' })
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'Sort · 2' }))
    await scene.user.click(screen.getByRole('button', { name: 'Budget: descending' }))
    await arrivedAt(scene, '/leads?view=all&sort=company%2Cbudget')
    await scene.user.click(await screen.findByRole('button', { name: 'Do not sort by Company' }))
    await arrivedAt(scene, '/leads?view=all&sort=budget')
    await scene.user.selectOptions(screen.getByLabelText('Add a level'), 'Status')
    await arrivedAt(scene, '/leads?view=all&sort=budget%2Cstatus')
  })
})

describe('the columns', () => {
  const panel = async (scene: Awaited<ReturnType<typeof page>>) => {
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'Columns' }))
    return within(await screen.findByRole('dialog', { name: 'Columns' }))
  }

  test('are shown and hidden; the title stays', async () => {
    const scene = await page()
    const columns = await panel(scene)
    expect(columns.getByLabelText('Company')).toHaveProperty('disabled', true)
    await scene.user.click(columns.getByLabelText('Contact'))
    await arrivedAt(scene, '/leads?view=all&columns=company%2Cstatus%2Cbudget%2Cowner')
    await scene.user.click(columns.getByLabelText('Phone'))
    await arrivedAt(scene, '/leads?view=all&columns=company%2Cstatus%2Cbudget%2Cowner%2Cphone')
    await waitFor(() => expect(heads()).toEqual(['Company', 'Status', 'Budget', 'Owner', 'Phone']))
  })

  test('change places by buttons and by keyboard, never before the title', async () => {
    const scene = await page()
    const columns = await panel(scene)
    await scene.user.click(columns.getByRole('button', { name: 'Move Status up' }))
    await arrivedAt(scene, /columns=company%2Cstatus%2Ccontact/)
    columns.getByLabelText('Status').focus()
    await scene.user.keyboard('{Alt>}{ArrowUp}{/Alt}')
    expect(heads().slice(0, 2)).toEqual(['Company', 'Status'])
    await scene.user.keyboard('{Alt>}{ArrowDown}{/Alt}')
    await arrivedAt(scene, /columns=company%2Ccontact%2Cstatus/)
  })

  test('change places and widths from their heads by keyboard', async () => {
    const scene = await page()
    await grid()
    within(screen.getByRole('columnheader', { name: 'Status' })).getByRole('button').focus()
    await scene.user.keyboard('{Alt>}{ArrowLeft}{/Alt}')
    await arrivedAt(scene, /columns=company%2Cstatus%2Ccontact/)
    within(screen.getByRole('columnheader', { name: 'Status' })).getByRole('button').focus()
    await scene.user.keyboard('{Alt>}{Shift>}{ArrowRight}{/Shift}{/Alt}')
    await arrivedAt(scene, /widths=status%3A120/)
  })

  test('stand closer when asked', async () => {
    const scene = await page()
    const columns = await panel(scene)
    await scene.user.click(columns.getByRole('radio', { name: 'Compact' }))
    await arrivedAt(scene, '/leads?view=all&density=compact')
    await waitFor(async () => expect((await grid()).style.getPropertyValue('--row')).toBe('32px'))
  })
})

describe('filters', () => {
  test('stand as chips in words, and go one by one', async () => {
    const scene = await page({ at: `/leads?view=all&filter=${encodeURIComponent('source = "dy" AND budget > 5 AND LEN(company) > 3')}` })
    await grid()
    const chips = screen.getAllByRole('button', { name: 'Remove this condition' })
    expect(chips.map((one) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent)).toEqual(['Source is Douyin', 'Budget > 5', 'LEN(company) > 3'])
    await scene.user.click(chips[1])
    await arrivedAt(scene, '/leads?view=all&filter=source+%3D+%22dy%22+AND+LEN%28company%29+%3E+3')
    await scene.user.click(await screen.findByRole('button', { name: 'Clear filter' }))
    await arrivedAt(scene, '/leads?view=all')
  })

  test('are built by choosing', async () => {
    const scene = await page()
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'Filter' }))
    await scene.user.selectOptions(screen.getByLabelText('Field'), 'Status')
    await scene.user.click(screen.getByRole('checkbox', { name: 'Talking' }))
    await scene.user.click(screen.getByRole('button', { name: 'Apply' }))
    await arrivedAt(scene, '/leads?view=all&filter=status+%3D+%22talking%22')
    await waitFor(() => expect(asked(scene).filter).toBe('status = "talking"'))
  })

  test('are written, and turned into conditions and back without loss', async () => {
    const scene = await page()
    await grid()
    await scene.user.keyboard('/')
    await scene.user.click(await screen.findByRole('radio', { name: 'Expression' }))
    await scene.user.type(screen.getByLabelText('Expression', { selector: 'textarea' }), 'budget > 5 OR vip = TRUE')
    await scene.user.click(screen.getByRole('radio', { name: 'Conditions' }))
    expect(screen.getByLabelText<HTMLSelectElement>('How they go together').value).toBe('any')
    await scene.user.click(screen.getByRole('radio', { name: 'Expression' }))
    expect(screen.getByLabelText<HTMLTextAreaElement>('Expression', { selector: 'textarea' }).value).toBe('budget > 5 OR vip = TRUE')
    await scene.user.click(screen.getByRole('button', { name: 'Apply' }))
    await arrivedAt(scene, '/leads?view=all&filter=budget+%3E+5+OR+vip+%3D+TRUE')
  })

  test('of a view can be loosened', async () => {
    const scene = await page({ at: '/leads?view=mine' })
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'Remove this condition' }))
    await arrivedAt(scene, '/leads?view=mine&whole=1')
    await waitFor(() => expect(asked(scene).filter ?? '').toBe(''))
  })
})

describe('groups', () => {
  const groups = { items: [{ keys: ['new'], count: 2, filter: 'status = "new"' }, { keys: [null], count: 1, filter: 'ISBLANK(status)' }], more: false }

  test('tell what they hold, and read it when opened', async () => {
    const scene = await page({ at: '/leads?view=all&group=status', routes: { 'GET /records/lead/groups': groups } })
    await grid()
    expect(screen.getByText('3 records')).toBeDefined()
    expect(scene.edge.asked('GET /records/lead')).toEqual([])
    const [first, second] = screen.getAllByRole('row').slice(1)
    expect(second.textContent).toContain('No Status')
    await scene.user.click(first)
    expect(await screen.findByRole('link', { name: 'Borui' })).toBeDefined()
    expect(asked(scene).filter).toBe('status = "new"')
    await scene.user.click(first)
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Borui' })).toBeNull())
  })
})

describe('the keyboard', () => {
  const focus = async () => {
    const scene = await page({ can: ['records.bulk'] })
    ;(await grid()).focus()
    return scene
  }
  const active = async () => {
    const id = (await grid()).getAttribute('aria-activedescendant')
    return document.getElementById(id ?? '')?.textContent
  }

  test.each([
    ['{ArrowDown}', 'Borui'],
    ['{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}', 'Kaida'],
    ['{End}{ArrowUp}', 'Hengtai'],
    ['{End}{Home}', 'Borui'],
    ['{ArrowDown}{ArrowRight}', 'Ms Wang'],
    ['{ArrowDown}{ArrowRight}{ArrowRight}{ArrowLeft}{ArrowLeft}{ArrowLeft}', 'Borui'],
  ])('%s makes %s the active cell', async (keys, text) => {
    const { user } = await focus()
    await user.keyboard(keys)
    expect(await active()).toBe(text)
  })

  test('opens the record with Enter on its name', async () => {
    const scene = await focus()
    await scene.user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    await arrivedAt(scene, '/o/lead/2')
  })

  test('selects with Space', async () => {
    const { user } = await focus()
    await user.keyboard('{ArrowDown} {ArrowDown} ')
    expect(screen.getByText('2 selected')).toBeDefined()
    await user.keyboard(' ')
    expect(screen.getByText('1 selected')).toBeDefined()
  })

  test('lists its keys with ?', async () => {
    const { user } = await focus()
    await user.keyboard('?')
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard' })
    expect(within(dialog).getByText('Take back the last edit')).toBeDefined()
  })
})

describe('a cell', () => {
  const edit = async (routes: Routes = {}) => {
    const scene = await page({ routes: { 'PATCH /records/lead/1': ({ body }: Asked) => ({ ...rows[0], ...(body as object) }), ...routes } })
    fireEvent.doubleClick((await grid()).querySelector('#cell-1-contact') as HTMLElement)
    const input = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Contact' })
    await waitFor(() => expect(document.activeElement).toBe(input))
    await scene.user.clear(input)
    await scene.user.type(input, 'Mr Zhao')
    return scene
  }

  test('is saved by Enter with what was seen before, and undone', async () => {
    const { edge, user } = await edit()
    await user.keyboard('{Enter}')
    expect(await screen.findByText('Mr Zhao')).toBeDefined()
    expect(edge.last('PATCH /records/lead/1').body).toEqual({ contact: 'Mr Zhao', base: { contact: 'Ms Wang' } })
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(edge.last('PATCH /records/lead/1').body).toEqual({ contact: 'Ms Wang', base: { contact: 'Mr Zhao' } }))
  })

  test('is undone by Ctrl and Z', async () => {
    const { edge, user } = await edit()
    await user.keyboard('{Enter}')
    await screen.findByText('Mr Zhao')
    ;(await grid()).focus()
    await user.keyboard('{Control>}z{/Control}')
    await waitFor(() => expect(edge.asked('PATCH /records/lead/1')).toHaveLength(2))
  })

  test('is left as it was by Escape', async () => {
    const { edge, user } = await edit()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Contact' })).toBeNull())
    expect(edge.asked('PATCH /records/lead/1')).toEqual([])
    expect(document.activeElement).toBe(await grid())
  })

  test('says what is wrong, and keeps what was typed', async () => {
    const { user } = await edit({ 'PATCH /records/lead/1': refusal(422, 'invalid', 'Wrong', [{ path: 'contact', message: 'Too long' }]) })
    await user.keyboard('{Enter}')
    expect(await screen.findByText('Too long')).toBeDefined()
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Contact' }).value).toBe('Mr Zhao')
  })

  test('that somebody else changed shows both, and mine can be kept', async () => {
    const { edge, user } = await edit({ 'PATCH /records/lead/1': ({ body }: Asked) => ((body as { base: { contact: string } }).base.contact === 'Theirs' ? { ...rows[0], contact: 'Mr Zhao' } : refusal(409, 'conflict', 'Changed', [{ path: 'contact', message: 'Changed', current: 'Theirs' }])()) })
    await user.keyboard('{Enter}')
    const both = screen.findAllByRole('button', { name: /Mr Zhao|Theirs/ })
    expect(await both).toHaveLength(2)
    await user.click(screen.getByRole('button', { name: /Mr Zhao/ }))
    await waitFor(() => expect(edge.last('PATCH /records/lead/1').body).toEqual({ contact: 'Mr Zhao', base: { contact: 'Theirs' } }))
    await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Contact' })).toBeNull())
  })

  test('that is only read says so', async () => {
    await page({ at: '/leads?view=all&columns=company,score' })
    fireEvent.doubleClick((await grid()).querySelector('#cell-1-score') as HTMLElement)
    await waitFor(() => expect(document.querySelector('[role=status]')?.textContent).toContain('Score'))
    expect(screen.queryByRole('textbox', { name: 'Score' })).toBeNull()
  })
})

describe('many at once', () => {
  const preview = { count: 2, skipped: 1, sample: [] }
  const operation = { id: 'o-1', action: 'assign', object: 'lead', label: 'Leads', state: 'queued', total: 2, done: 0, failed: 0, may_undo: false, created_at: '' }
  const chosen = async (routes: Routes = {}, can = ['records.bulk', 'records.export'], more = {}) => {
    const scene = await page({ can, routes: { 'POST /operations': ({ query }: Asked) => (query.dry_run ? preview : operation), 'GET /pools': { items: [{ name: 'east', label: 'East pool' }] }, 'GET /records/lead': told(rows, more), ...routes } })
    await grid()
    await scene.user.click(screen.getByLabelText('Select all that is loaded'))
    return scene
  }
  const wishes = (scene: Awaited<ReturnType<typeof chosen>>) => scene.edge.asked('POST /operations').filter(({ query }) => !query.dry_run)

  test('are handed to somebody, once it was said how many', async () => {
    const scene = await chosen()
    await scene.user.click(screen.getByRole('button', { name: 'Assign' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Assign' }))
    expect(await dialog.findByText(/This concerns 2 records. 1 more is not yours/)).toBeDefined()
    expect(dialog.getByRole('button', { name: 'Assign 2' })).toHaveProperty('disabled', true)
    await dialog.findByRole('option', { name: 'Chen' })
    await scene.user.selectOptions(dialog.getByLabelText('Assign to'), 'Chen')
    await scene.user.click(dialog.getByRole('button', { name: 'Assign 2' }))
    await waitFor(() => expect(wishes(scene)).toHaveLength(1))
    expect(wishes(scene)[0].body).toEqual({ object: 'lead', ids: ['1', '2', '3'], action: 'assign', owner: 'u-chen' })
    expect(wishes(scene)[0].headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    await waitFor(() => expect(screen.queryByText('3 selected')).toBeNull())
  })

  test('that match are more than are loaded', async () => {
    const scene = await chosen({}, undefined, { count: 1200 })
    await scene.user.click(screen.getByRole('button', { name: 'Select all 1,200 that match' }))
    expect(screen.getByText('All 1,200 matching records are selected')).toBeDefined()
    await scene.user.click(screen.getByRole('button', { name: 'Delete' }))
    await scene.user.click(await screen.findByRole('button', { name: 'Delete 2' }))
    await waitFor(() => expect(wishes(scene)[0]?.body).toEqual({ object: 'lead', filter: '', action: 'delete' }))
  })

  test('get the same value, or are blanked', async () => {
    const scene = await chosen()
    await scene.user.click(screen.getByRole('button', { name: 'Edit field' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Edit field' }))
    await scene.user.selectOptions(dialog.getByLabelText('Field'), 'Source')
    await scene.user.click(dialog.getByLabelText('Blank “Source”'))
    await scene.user.click(await dialog.findByRole('button', { name: 'Change 2' }))
    await waitFor(() => expect(wishes(scene)[0]?.body).toEqual({ object: 'lead', ids: ['1', '2', '3'], action: 'edit', fields: { source: null } }))
  })

  test('that the server refuses stay chosen, with the reason', async () => {
    const scene = await chosen({ 'POST /operations': ({ query }: Asked) => (query.dry_run ? preview : refusal(422, 'invalid', 'Wrong', [{ path: 'owner', message: 'Chen is away' }])()) })
    await scene.user.click(screen.getByRole('button', { name: 'Assign' }))
    const dialog = within(await screen.findByRole('dialog'))
    await dialog.findByRole('option', { name: 'Chen' })
    await scene.user.selectOptions(dialog.getByLabelText('Assign to'), 'East pool')
    await scene.user.click(await dialog.findByRole('button', { name: 'Assign 2' }))
    expect(await dialog.findByText('Chen is away')).toBeDefined()
    expect(screen.getByText('3 selected')).toBeDefined()
  })

  test('are not offered to whoever may neither change nor take away', async () => {
    await page()
    await grid()
    expect(screen.queryByLabelText('Select all that is loaded')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull()
  })

  test('are forgotten when the question is another', async () => {
    const scene = await chosen()
    expect(screen.getByText('3 selected')).toBeDefined()
    await scene.user.click(within(screen.getByRole('columnheader', { name: /^Company/ })).getByRole('button'))
    await waitFor(() => expect(screen.queryByText('3 selected')).toBeNull())
  })
})

describe('saved views', () => {
  const saved = { id: 'v-1', label: 'Rich', share: 'own', team: null, owner: { id: 'u-lin' }, can_change: true, refused: false, filter: 'budget > 100', sort: '-budget', columns: ['company', 'budget'] }
  const withViews = (more: Scene = {}) => page({ ...more, routes: { 'GET /views': { ...shelf, items: [saved], share_with: [{ id: 'd-east', label: 'East' }] }, ...more.routes } })

  test('stand beside the company’s', async () => {
    const scene = await withViews()
    await grid()
    expect(within(screen.getByRole('radiogroup', { name: 'Views' })).getAllByRole('radio').map((one) => one.parentElement?.textContent)).toEqual(['All leads', 'Mine', 'Rich'])
    await scene.user.click(screen.getByRole('radio', { name: 'Rich' }))
    await arrivedAt(scene, '/leads?view=v-1')
    await waitFor(() => expect(asked(scene)).toMatchObject({ filter: 'budget > 100', sort: '-budget' }))
  })

  test('that were changed are saved, or left as they were', async () => {
    const scene = await withViews({ at: '/leads?view=v-1&sort=company', routes: { 'PATCH /views/v-1': saved } })
    await grid()
    const bar = within(screen.getByRole('group', { name: 'Modified' }))
    await scene.user.click(bar.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(scene.edge.last('PATCH /views/v-1').body).toMatchObject({ shape: { sort: 'company', filter: 'budget > 100' } }))
    await arrivedAt(scene, '/leads?view=v-1')
  })

  test('are made anew under a name', async () => {
    const scene = await withViews({ at: '/leads?view=all&sort=company', routes: { 'POST /views': { ...saved, id: 'v-2' } } })
    await grid()
    await scene.user.click(within(screen.getByRole('group', { name: 'Modified' })).getByRole('button', { name: 'Save as a new view' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Save as a new view' }))
    await scene.user.type(dialog.getByLabelText('Name'), ' By name ')
    await scene.user.click(dialog.getByRole('radio', { name: 'My team' }))
    await scene.user.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(scene.edge.last('POST /views').body).toMatchObject({ object: 'lead', label: 'By name', share: 'team', department: 'd-east', shape: { sort: 'company' } }))
    await arrivedAt(scene, '/leads?view=v-2')
  })

  test('are deleted after asking', async () => {
    const scene = await withViews({ at: '/leads?view=v-1', routes: { 'DELETE /views/v-1': {} } })
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'More about this view' }))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Delete the view' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText('Delete the view “Rich”? The records stay.')).toBeDefined()
    await scene.user.click(dialog.getByRole('button', { name: 'Delete the view' }))
    await waitFor(() => expect(scene.edge.asked('DELETE /views/v-1')).toHaveLength(1))
  })

  test('of the company are not changed by whoever may not', async () => {
    const scene = await withViews({ at: '/leads?view=mine&sort=company' })
    await grid()
    expect(within(screen.getByRole('group', { name: 'Modified' })).queryByRole('button', { name: 'Save' })).toBeNull()
    await scene.user.click(screen.getByRole('button', { name: 'More about this view' }))
    expect(screen.queryByRole('menuitem', { name: 'Delete the view' })).toBeNull()
  })

  test('are begun with when preferred', async () => {
    const scene = await withViews({ at: '/leads?view=v-1', routes: { 'PUT /views/preference': {} } })
    await grid()
    await scene.user.click(screen.getByRole('button', { name: 'More about this view' }))
    await scene.user.click(screen.getByRole('menuitem', { name: 'Begin with this view' }))
    await waitFor(() => expect(scene.edge.last('PUT /views/preference').body).toEqual({ object: 'lead', default: 'v-1', order: ['all', 'mine', 'v-1'] }))
  })
})

describe('choosing on a phone', () => {
  const cards = (can = ['records.bulk']) => page({ phone: true, can })
  const bar = () => screen.findByRole('group', { name: 'With the selected' })
  const tap = (user: Awaited<ReturnType<typeof cards>>['user'], name: string) => user.click(screen.getByRole('link', { name: new RegExp(name) }))

  test('begins with a button, and a tap then chooses instead of opening', async () => {
    const scene = await cards()
    await screen.findByText('Borui')
    await scene.user.click(screen.getByRole('button', { name: 'Select' }))
    await bar()
    await tap(scene.user, 'Borui')
    await tap(scene.user, 'Kaida')
    expect(scene.address()).toBe('/leads?view=all')
    expect(screen.getByText('2 selected')).toBeDefined()
    await tap(scene.user, 'Borui')
    expect(screen.getByText('1 selected')).toBeDefined()
  })

  test('goes on when the last is let go, and ends when it is said', async () => {
    const { user } = await cards()
    await screen.findByText('Borui')
    await user.click(screen.getByRole('button', { name: 'Select' }))
    await tap(user, 'Borui')
    await tap(user, 'Borui')
    await bar()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Delete' }).disabled).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Unselect' }))
    expect(screen.queryByRole('group', { name: 'With the selected' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Select' })).toBeDefined()
  })

  test('takes all that are loaded at once', async () => {
    const { user } = await cards()
    await screen.findByText('Borui')
    await user.click(screen.getByRole('button', { name: 'Select' }))
    await user.click(screen.getByRole('button', { name: 'Select the 3 that are loaded' }))
    expect(screen.getByText('3 selected')).toBeDefined()
    expect(screen.queryByRole('button', { name: /that are loaded/ })).toBeNull()
  })

  test('is not offered to those who may do nothing with many', async () => {
    await cards([])
    await screen.findByText('Borui')
    expect(screen.queryByRole('button', { name: 'Select' })).toBeNull()
  })
})

describe('rows by letters', () => {
  test('j enters the table from anywhere', async () => {
    const { user } = await page()
    await grid()
    await user.keyboard('j')
    expect(document.activeElement).toBe(screen.getByRole('grid'))
  })

  test('in a field they are letters', async () => {
    const { user } = await page()
    await grid()
    await user.keyboard('/')
    const value = await screen.findByRole('textbox')
    await user.type(value, 'jk')
    expect((value as HTMLInputElement).value).toBe('jk')
    expect(document.activeElement).toBe(value)
  })
})
