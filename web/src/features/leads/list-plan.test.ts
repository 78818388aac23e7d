import { expect, test } from 'vitest'
import type { CatalogObject, View } from '@/api/catalog'
import { cardOf, columnsOf, namesFor, questionOf, sortAfter, sortKey, viewOf, viewsOf } from './list-plan'

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

test('views stand in their order, and everything is always among them', () => {
  expect(viewsOf(object, 'All').map(({ name }) => name)).toEqual(['mine', 'late', 'every'])
  expect(viewsOf({ views: [mine] }, 'All').map(({ name }) => name)).toEqual(['mine', 'all'])
})

test.each([
  [{}, true, 'mine'],
  [{}, false, 'late'],
  [{ view: 'late' }, true, 'late'],
  [{ view: 'unheard of' }, true, 'mine'],
  [{ filter: 'source = "x"' }, true, 'every'],
  [{ filter: 'source = "x"', view: 'mine' }, true, 'mine'],
])('%j opens', (search, worksLeads, name) => {
  expect(viewOf(viewsOf(object, 'All'), search, worksLeads).name).toBe(name)
})

test('the question joins the view and the filter', () => {
  expect(questionOf(late, { filter: 'a = 1' }, [])).toEqual({ filter: 'a = 1 AND (due < NOW() OR x = 1)', sort: 'due,-score', fields: [] })
  expect(questionOf(every, { sort: '-created_at' }, ['a'])).toEqual({ filter: '', sort: '-created_at', fields: ['a'] })
})

test('a click on a column turns its order', () => {
  expect(sortKey('-a,b')).toEqual({ name: 'a', descending: true })
  expect(['a', '-a', 'b,-a'].map((sort) => sortAfter(sort, 'a'))).toEqual(['-a', 'a', 'a'])
})

test('columns the reader may not see are left out', () => {
  const columns = columnsOf(object, { ...every, columns: ['secret', 'due'] }, object.fields)
  expect(columns.map(({ name }) => name)).toEqual(['company', 'due'])
  expect(namesFor(columns, cardOf(object, columns))).toEqual(['company', 'due', 'contact', 'stars', 'status', 'owner'])
})

test('an object without views shows its first short fields', () => {
  expect(columnsOf(object, every, object.fields).map(({ name }) => name)).toEqual(['company', 'contact', 'stars', 'status', 'due', 'owner'])
})
