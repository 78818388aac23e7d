import { expect, test } from 'vitest'
import type { CatalogObject, Field, View } from '@/api/catalog'
import {
  cardOf, columnsOf, groupLevels, groupText, isGroupable, isModified, layoutOf, namesFor, readWidths, sortAfter, sortKey, sortKeys, sortText, viewOf, viewsOf, widthsText, withFilter,
  type ListSearch, type ListView,
} from './list-plan'

const view = (name: string, filter: string, position: number): View => ({ name, label: name, filter, sort: 'due,-score', columns: [], position }) as View
const mine = view('mine', 'owner=ME() AND ISBLANK(due)', 1)
const late = view('late', 'due < NOW() OR x = 1', 2)
const every = view('every', '', 3)
const field = (name: string, type: string) => ({ name, label: name, type, required: false, read_only: false })
const object = {
  name: 'lead',
  title_field: 'company',
  owner_field: 'owner',
  fields: [field('company', 'text'), field('contact', 'text'), field('stars', 'number'), field('note', 'long_text'), field('status', 'choice'), field('due', 'datetime'), field('owner', 'person')],
  follow_up: { next_due_field: 'due' },
  views: [every, late, mine],
} as unknown as CatalogObject
const saved: ListView = { ...view('id-1', 'a = 1', 0), share: 'own', canChange: true }
const refused: ListView = { ...view('id-2', '', 0), share: 'team', refused: true }

test('views stand in their order, and everything is always among them', () => {
  expect(viewsOf(object, 'All').map(({ name }) => name)).toEqual(['mine', 'late', 'every'])
  expect(viewsOf({ views: [mine] }, 'All', [refused]).map(({ name }) => name)).toEqual(['mine', 'all', 'id-2'])
})

test('a person puts his tabs into his own order; new ones follow', () => {
  expect(viewsOf(object, 'All', [saved, refused], ['id-2', 'every', 'gone']).map(({ name }) => name)).toEqual(['id-2', 'every', 'mine', 'late', 'id-1'])
})

test.each<[ListSearch, boolean, string, string | undefined]>([
  [{}, true, '', 'mine'],
  [{}, false, '', 'late'],
  [{}, true, 'id-1', 'id-1'],
  [{}, true, 'id-2', 'mine'],
  [{ view: 'late' }, true, 'id-1', 'late'],
  [{ view: 'unheard of' }, true, '', undefined],
  [{ filter: 'source = "x"' }, true, 'id-1', 'every'],
  [{ filter: 'source = "x"', view: 'mine' }, true, '', 'mine'],
])('%j opens', (search, worksLeads, preferred, name) => {
  expect(viewOf(viewsOf(object, 'All', [saved, refused]), search, worksLeads, preferred)?.name).toBe(name)
})

test('the layout joins the view and the address', () => {
  expect(layoutOf(late, { filter: 'a = 1' })).toEqual({ filter: 'a = 1 AND (due < NOW() OR x = 1)', sort: 'due,-score', group: '', columns: [], widths: {}, density: 'standard' })
  expect(layoutOf(late, { filter: 'a = 1', whole: '1' }).filter).toBe('a = 1')
  expect(layoutOf(late, { whole: '1' }).filter).toBe('')
  const grouped = { ...every, group: 'status', widths: { a: 90, b: 80 }, density: 'compact' }
  expect(layoutOf(grouped, { widths: 'b:120,c:60', columns: 'b,a' })).toMatchObject({ group: 'status', columns: ['b', 'a'], widths: { a: 90, b: 120, c: 60 }, density: 'compact' })
  expect(layoutOf(grouped, { group: '-', density: 'standard' })).toMatchObject({ group: '', density: 'standard' })
})

test('what differs from the view is modified, what says the same is not', () => {
  expect(isModified(late, {})).toBe(false)
  expect(isModified(late, { view: 'late', sort: 'due,-score' })).toBe(false)
  expect(isModified(late, { sort: 'due' })).toBe(true)
  expect(isModified(late, { filter: 'a = 1' })).toBe(true)
  expect(isModified(every, { group: '-' })).toBe(false)
  expect(isModified(every, { widths: 'a:90' })).toBe(true)
})

test('a changed filter stands instead of the view’s own', () => {
  expect(withFilter(every, { sort: 'a' }, 'x = 1')).toEqual({ view: 'every', sort: 'a', filter: 'x = 1', whole: undefined })
  expect(layoutOf(late, withFilter(late, { filter: 'y = 2' }, 'x = 1')).filter).toBe('x = 1')
  expect(layoutOf(late, withFilter(late, {}, '')).filter).toBe('')
  expect(isModified(late, withFilter(late, { filter: 'x = 1', whole: '1' }, late.filter))).toBe(false)
})

test('a click on a column turns its order', () => {
  expect(sortKey('-a,b')).toEqual({ name: 'a', descending: true })
  expect(['a', '-a', 'b,-a'].map((sort) => sortAfter(sort, 'a'))).toEqual(['-a', 'a', 'a'])
})

test('a click with shift adds a level, turns it and takes it away', () => {
  expect(['b', 'b,a', 'b,-a', '-a'].map((sort) => sortAfter(sort, 'a', true))).toEqual(['b,a', 'b,-a', 'b', 'a'])
})

test('orders, groupings and widths come back as they were written', () => {
  expect(sortText(sortKeys('-a, b ,,c'))).toBe('-a,b,c')
  expect(groupText(groupLevels('created_at:month, owner'))).toBe('created_at:month,owner')
  expect(readWidths(widthsText({ a: 90.4, b: 80 }))).toEqual({ a: 90, b: 80 })
  expect(readWidths('a:x,:3,b,c:-4')).toEqual({})
})

test('lists and money make no groups', () => {
  expect(['text', 'person', 'datetime', 'tags', 'currency'].map((type) => isGroupable({ type } as Field))).toEqual([true, true, true, false, false])
})

test('columns the reader may not see are left out, the title comes first', () => {
  const columns = columnsOf(object, ['secret', 'due', 'company'], object.fields)
  expect(columns.map(({ name }) => name)).toEqual(['company', 'due'])
  expect(namesFor(columns, cardOf(object, columns))).toEqual(['company', 'due', 'contact', 'stars', 'status', 'owner'])
})

test('an object without views shows its first short fields', () => {
  expect(columnsOf(object, [], object.fields).map(({ name }) => name)).toEqual(['company', 'contact', 'stars', 'status', 'due', 'owner'])
})
