// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { beforeAll, describe, expect, test } from 'vitest'
import { leadObject } from '@/testing/company'
import { later, refusal, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { MergeBar } from './merge-bar'

const candidates = [
  { id: 'l-2', label: 'Borui', owner: { id: 'u-chen', label: 'Chen' }, same: ['Phone', 'WeChat'] },
  { id: 'l-3', label: 'Borui Ltd', same: [] },
]
const side = (name: string, mine: string | undefined, theirs: string | undefined, chosen: 'this' | 'other', fixed = false) => ({ name, label: name.toUpperCase(), this: mine, other: theirs, chosen, fixed })
const preview = { fields: [side('city', 'Suzhou', 'Wuxi', 'this'), side('title', undefined, 'Director', 'other'), side('score', '80', '20', 'this', true)], references: [{ object: 'task', label: 'Tasks', count: 2 }] }

const bar = (told: unknown = { items: candidates, merged: false }, routes: Routes = {}) =>
  show(<MergeBar object={leadObject()} id="l-1" />, {
    routes: {
      'GET /records/lead/l-1/duplicates': told,
      'POST /records/lead/l-1/merge': ({ query }: Asked) => (query.dry_run ? preview : {}),
      'POST /records/lead/l-1/merge/undo': {},
      ...routes,
    },
  })
const opened = async (routes: Routes = {}) => {
  const scene = await bar(undefined, routes)
  await scene.user.click(await screen.findByRole('button', { name: 'Compare and merge' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Merge duplicates' }))
  await dialog.findByRole('group', { name: 'CITY' })
  return { ...scene, dialog, kept: (name: string) => within(dialog.getByRole('group', { name })).getAllByRole<HTMLInputElement>('radio').map(({ checked }) => checked) }
}
const merged = ({ requests }: { requests: Asked[] }) => requests.filter(({ method, path, query }) => method === 'POST' && path.endsWith('/merge') && !query.dry_run)

beforeAll(() => import('./merge-dialog')) // so that no test waits for its first load

describe('above a record', () => {
  test('those with an equal key are counted; a similar name alone is not spoken of', async () => {
    await bar()
    expect(await screen.findByText('1 lead may mean the same as this one')).toBeDefined()
  })

  test.each([
    ['nobody', []],
    ['only a similar name', [candidates[1]]],
  ])('%s is nothing to tell', async (_, items) => {
    const { edge } = await bar({ items, merged: false })
    await waitFor(() => expect(edge.asked('GET /records/lead/l-1/duplicates')).toHaveLength(1))
    expect(screen.queryByRole('group', { name: 'Merge duplicates' })).toBeNull()
  })

  test('the last merge is taken back, and a refusal names what stands in the way', async () => {
    const { edge, user } = await bar({ items: [], merged: true })
    await user.click(await screen.findByRole('button', { name: 'Undo the last merge' }))
    expect(await screen.findByText('They are two again')).toBeDefined()
    edge.answer('POST /records/lead/l-1/merge/undo', refusal(409, 'changed', 'It was changed since', [{ path: 'City', message: '' }, { path: 'Title', message: '' }]))
    await user.click(screen.getByRole('button', { name: 'Undo the last merge' }))
    expect(await screen.findByText('It was changed since · City · Title')).toBeDefined()
  })
})

describe('side by side', () => {
  test('each field in which they differ shows both, the fuller one chosen, and what is blank is said', async () => {
    const { dialog, kept } = await opened()
    expect(kept('CITY')).toEqual([true, false])
    expect(kept('TITLE')).toEqual([false, true])
    expect(dialog.getByRole('group', { name: 'TITLE' }).textContent).toContain('blank')
    expect(dialog.getByText(/These will point to this one: Tasks 2\./)).toBeDefined()
  })

  test('says of each candidate why it may be the same', async () => {
    const { dialog } = await opened()
    expect(within(dialog.getByRole('combobox')).getAllByRole('option').map((one) => one.textContent)).toEqual(['Borui · Chen · same Phone, WeChat', 'Borui Ltd · similar name'])
  })

  test('sends a side of every field that the reader may choose, and only of those', async () => {
    const { edge, user, dialog } = await opened()
    await user.click(within(dialog.getByRole('group', { name: 'CITY' })).getAllByRole('radio')[1])
    expect(dialog.getByRole<HTMLFieldSetElement>('group', { name: 'SCORE' }).disabled).toBe(true)
    await user.click(dialog.getByRole('button', { name: 'Merge' }))
    expect(await screen.findByText('Merged; it can be undone')).toBeDefined()
    expect(merged(edge).map(({ body }) => body)).toEqual([{ other: 'l-2', fields: { city: 'other', title: 'other' } }])
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('with another candidate the choices begin anew', async () => {
    const { edge, user, dialog, kept } = await opened()
    await user.click(within(dialog.getByRole('group', { name: 'CITY' })).getAllByRole('radio')[1])
    await user.selectOptions(dialog.getByRole('combobox'), 'l-3')
    await waitFor(() => expect(edge.last('POST /records/lead/l-1/merge').body).toEqual({ other: 'l-3' }))
    await waitFor(() => expect(kept('CITY')).toEqual([true, false]))
  })

  test('cannot be merged before both were read', async () => {
    const gate = later<unknown>()
    const scene = await bar(undefined, { 'POST /records/lead/l-1/merge': gate.answer })
    await scene.user.click(await screen.findByRole('button', { name: 'Compare and merge' }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Merge' }).disabled).toBe(true)
    gate.give(preview)
    await waitFor(() => expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Merge' }).disabled).toBe(false))
  })

  test('that is refused says why, and keeps the choices', async () => {
    const { user, dialog, kept } = await opened({ 'POST /records/lead/l-1/merge': (asked: Asked) => (asked.query.dry_run ? preview : refusal(409, 'changed', 'The other was changed meanwhile')()) })
    await user.click(within(dialog.getByRole('group', { name: 'CITY' })).getAllByRole('radio')[1])
    await user.click(dialog.getByRole('button', { name: 'Merge' }))
    expect(await dialog.findByText('The other was changed meanwhile')).toBeDefined()
    expect(kept('CITY')).toEqual([false, true])
  })

  test('is left without a change', async () => {
    const { edge, user, dialog } = await opened()
    await user.click(dialog.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(merged(edge)).toEqual([])
  })
})
