// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { House, Inbox } from 'lucide-react'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Kept, SearchHit } from '@/api/search'
import { SearchPage } from '@/features/search/search-page'
import { later, refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { wordsOf } from '@/testing/words'
import { Finder } from './finder'
import type { Reach } from './use-commands'

const hit = (id: string, text: string, spans: [number, number][] = [], more: Partial<SearchHit> = {}): SearchHit => ({ object: 'lead', id, title: { text, spans }, details: [], ...more })
const found = (...items: SearchHit[]) => ({ groups: items.length > 0 ? [{ object: 'lead', label: 'Leads', items, next_cursor: null }] : [] })
const kept = (id: string, label: string): Kept => ({ object: 'lead', id, label })

const reach: Reach = { places: [{ to: '/home', icon: House, text: 'home' }, { to: '/inbox', icon: Inbox, text: 'inbox' }], objects: [], mayCreate: true, demo: false }
const desk = (routes: Routes = {}) =>
  show(
    <>
      <Finder reach={reach} />
      <input aria-label="Elsewhere" />
      <p>page</p>
    </>,
    { at: '/start', routes: { 'GET /pins': { items: [kept('p-1', 'Pinned one')] }, 'GET /recent': { items: [kept('p-1', 'Pinned one'), kept('r-1', 'Opened one'), kept('r-2', '')] }, ...routes } },
  )

const opened = async (routes: Routes = {}) => {
  const scene = await desk(routes)
  await scene.user.keyboard('{Control>}k{/Control}')
  const box = await screen.findByRole('combobox', { name: 'Find records or commands' })
  await screen.findByRole('option', { name: 'Pinned one' })
  return { ...scene, box }
}
const options = () => screen.getAllByRole('option').map(wordsOf)
/** What is chosen, in the words that are read: signs for the eye alone are left out. */
const chosen = () => screen.getAllByRole('option', { selected: true }).map(wordsOf)

beforeAll(() => import('./palette')) // so that no test waits for its first load

describe('the palette', () => {
  test.each(['{Control>}k{/Control}', '{Meta>}k{/Meta}', '/'])('is called by %s', async (keys) => {
    const { user } = await desk()
    await user.keyboard(keys)
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('combobox'))
  })

  test('is not called by / where somebody types, nor by / with Alt', async () => {
    const { user } = await desk()
    await user.type(screen.getByLabelText('Elsewhere'), 'a/b')
    expect(screen.getByLabelText<HTMLInputElement>('Elsewhere').value).toBe('a/b')
    document.body.focus()
    fireEvent.keyDown(document.body, { key: '/', altKey: true })
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  test('has at hand what is pinned, opened last, and the commands; nothing twice', async () => {
    await opened()
    expect(screen.getAllByRole('group').map((one) => document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent)).toEqual(['Pinned', 'Opened last', 'Commands'])
    expect(options().slice(0, 4)).toEqual(['Pinned one', 'Opened one', '(untitled)', 'New lead'])
  })

  test('finds by what is typed, and marks it', async () => {
    const { edge, user, box } = await opened({ 'GET /search': found(hit('l-1', 'Borui Pumps', [[0, 2]], { owner: { id: 'u', label: 'Lin' }, details: [{ field: 'phone', label: 'Phone', text: '138 0013 8000', spans: [[9, 13]] }] })) })
    await user.type(box, ' bo ')
    const line = await screen.findByRole('option', { name: /Borui Pumps/ })
    expect([...line.querySelectorAll('mark')].map((one) => one.textContent)).toEqual(['Bo', '8000'])
    expect(line.textContent).toContain('Lin')
    expect(edge.last('GET /search').query).toEqual({ q: 'bo', limit: '5' })
  })

  test('asks once typing rests, not at every letter', async () => {
    const { edge, user, box } = await opened({ 'GET /search': found(hit('l-1', 'Borui')) })
    await user.type(box, 'borui')
    await screen.findByRole('option', { name: 'Borui' })
    expect(edge.asked('GET /search').map(({ query }) => query.q)).toEqual(['borui'])
  })

  test('waits while a word is being composed', async () => {
    const { edge, box } = await opened({ 'GET /search': found(hit('l-1', '博瑞泵业')) })
    fireEvent.compositionStart(box)
    fireEvent.change(box, { target: { value: 'bo rui' } })
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true })
    await new Promise((done) => setTimeout(done, 200))
    expect(edge.asked('GET /search')).toEqual([])
    fireEvent.change(box, { target: { value: '博瑞' } })
    fireEvent.compositionEnd(box)
    expect(await screen.findByRole('option', { name: '博瑞泵业' })).toBeDefined()
    expect(edge.asked('GET /search').map(({ query }) => query.q)).toEqual(['博瑞'])
  })

  test('drops an answer that comes too late', async () => {
    const slow = later<unknown>()
    const { user, box } = await opened({ 'GET /search': ({ query }: Asked) => (query.q === 'bo' ? slow.answer() : found(hit('l-2', 'Hengtai'))) })
    await user.type(box, 'bo')
    await new Promise((done) => setTimeout(done, 150))
    await user.clear(box)
    await user.type(box, 'he')
    expect(await screen.findByRole('option', { name: 'Hengtai' })).toBeDefined()
    slow.give(found(hit('l-1', 'Borui')))
    await new Promise((done) => setTimeout(done, 100))
    expect(screen.queryByRole('option', { name: 'Borui' })).toBeNull()
    expect(screen.getByRole('option', { name: 'Hengtai' })).toBeDefined()
  })

  test('says when there is nothing', async () => {
    const { user, box } = await opened({ 'GET /search': found() })
    await user.type(box, 'xyzzy')
    expect(await screen.findByText('Nothing found')).toBeDefined()
  })

  test('finds commands by their names', async () => {
    const { user, box } = await opened({ 'GET /search': found() })
    await user.type(box, 'LOG')
    expect(await screen.findByRole('option', { name: 'Log out' })).toBeDefined()
  })

  test('moves by arrow keys round its ends, and tells which one is chosen', async () => {
    const { user, box } = await opened()
    expect(chosen()).toEqual(['Pinned one'])
    await user.keyboard('{ArrowDown}')
    expect(chosen()).toEqual(['Opened one'])
    expect(box.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { name: 'Opened one' }).id)
    await user.keyboard('{ArrowUp}{ArrowUp}')
    expect(chosen()).toEqual([options().at(-1)])
  })

  test('begins at the top again when other words are typed', async () => {
    const { user, box } = await opened({ 'GET /search': found(hit('l-1', 'Borui'), hit('l-2', 'Bohai')) })
    await user.keyboard('{ArrowDown}{ArrowDown}')
    await user.type(box, 'bo')
    await screen.findByRole('option', { name: 'Bohai' })
    expect(chosen()).toEqual(['Borui'])
  })

  test.each([
    ['{Enter}', '/o/lead/p-1'],
    ['{ArrowDown}{Enter}', '/o/lead/r-1'],
    ['{ArrowDown}{ArrowDown}{ArrowDown}{Enter}', '/leads/new'],
  ])('%s goes to %s and closes it', async (keys, address) => {
    const scene = await opened()
    await scene.user.keyboard(keys)
    await arrivedAt(scene, address)
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  test('leads to all that was found', async () => {
    const scene = await opened({ 'GET /search': found(hit('l-1', 'Borui')) })
    await scene.user.type(scene.box, 'bo rui')
    await scene.user.click(await screen.findByRole('option', { name: 'All results for “bo rui”' }))
    await arrivedAt(scene, '/search?q=bo+rui')
  })

  test('is left by its button', async () => {
    const { user } = await opened()
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Close' }))
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  test('switches the colours from the keyboard', async () => {
    const { user, box } = await opened({ 'GET /search': found() })
    await user.type(box, 'dark')
    await screen.findByRole('option', { name: 'Switch to dark' })
    await user.keyboard('{Enter}')
    await waitFor(() => expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark'))
  })
})

describe('the page of results', () => {
  const page = (at: string, routes: Routes = {}) => show(<SearchPage />, { at, path: '/search', routes })

  test('before anything is asked says what to type', async () => {
    const { edge } = await page('/search')
    expect(await screen.findByText(/Type a part of a company/)).toBeDefined()
    expect(edge.asked('GET /search')).toEqual([])
  })

  test('has a tab for each kind, and reads on', async () => {
    const groups = (items: SearchHit[], next_cursor: string | null = null) => ({ groups: [{ object: 'lead', label: 'Leads', items, next_cursor }] })
    const scene = await page('/search?q=bo', {
      'GET /search': ({ query }: Asked) => {
        if (query.limit === '1') return { groups: [...groups([hit('1', 'Borui')]).groups, { object: 'contact', label: 'Contacts', items: [], next_cursor: null }] }
        return query.cursor ? groups([hit('2', 'Bohai')]) : groups([hit('1', 'Borui')], 'c-1')
      },
    })
    expect((await screen.findByRole('link', { name: 'Leads' })).getAttribute('aria-current')).toBe('page')
    await scene.user.click(await screen.findByRole('button', { name: 'More' }))
    expect((await screen.findByRole('link', { name: 'Bohai' })).getAttribute('href')).toBe('/o/lead/2')
    expect(screen.queryByRole('button', { name: 'More' })).toBeNull()
    await scene.user.click(screen.getByRole('link', { name: 'Contacts' }))
    await arrivedAt(scene, '/search?q=bo&object=contact')
  })

  test('finds other words', async () => {
    const scene = await page('/search?q=bo', { 'GET /search': found() })
    expect(await screen.findByText(/Nothing holds “bo”/)).toBeDefined()
    const words = screen.getByRole('searchbox', { name: 'Search words' })
    await scene.user.clear(words)
    await scene.user.type(words, ' heng {Enter}')
    await arrivedAt(scene, '/search?q=heng')
    await waitFor(() => expect(scene.edge.last('GET /search').query.q).toBe('heng'))
  })

  test('that cannot be read says why', async () => {
    await page('/search?q=bo', { 'GET /search': ({ query }: Asked) => (query.limit === '1' ? found(hit('1', 'Borui')) : refusal(503, 'busy', 'Being indexed')()) })
    expect(await screen.findByText('Being indexed')).toBeDefined()
  })
})
