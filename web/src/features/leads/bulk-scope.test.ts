import { expect, it } from 'vitest'
import type { CatalogObject, Field } from '@/api/catalog'
import { editable, mayAssign, offersAll, scopeOf, targetOf, wishedValue } from './bulk-scope'
import type { Selection } from './selection'

const chosen = (...ids: string[]): Selection => ({ ids, size: ids.length, has: (id) => ids.includes(id), toggle: () => undefined, set: () => undefined })
const field = (name: string, type = 'text', fixed = false): Field => ({ name, label: name, type, required: false, read_only: fixed })
const lead = (more: Partial<CatalogObject> = {}): CatalogObject => ({
  name: 'lead', label: '线索', plural: '线索', title_field: 'company', owner_field: 'owner', views: [], forms: [],
  can: { create: true, read: true, update: true, delete: false, assign: true },
  fields: [field('company'), field('owner', 'person'), field('city'), field('score', 'number', true), field('no', 'auto_number'), field('contact_ref', 'reference'), field('tags', 'tags')],
  ...more,
})

it('is for the chosen, or for all that match', () => {
  expect(scopeOf(false, 'a=1', chosen('x', 'y'))).toEqual({ ids: ['x', 'y'] })
  expect(scopeOf(true, '', chosen('x'))).toEqual({ filter: '' })
})

it.each([
  [['a', 'b'], 2, 2, false, false],
  [['a', 'b'], 2, 900, false, true],
  [['a', 'b'], 2, 1000, true, true],
  [['a'], 2, 900, false, false],
  [[], 0, 0, false, false],
  [['a', 'b'], 2, undefined, false, false],
] as [string[], number, number | undefined, boolean, boolean][])('%j of %d loaded, %s in all (more: %s): offers all is %s', (ids, loaded, count, more, offered) => {
  expect(offersAll(chosen(...ids), loaded, count, more)).toBe(offered)
})

it('edits what may be written, and not the owner or the title', () => {
  expect(editable(lead()).map(({ name }) => name)).toEqual(['city', 'tags'])
  expect(editable(lead({ can: { create: true, read: true, update: false, delete: true } }))).toEqual([])
})

it('assigns only where the owner may be written and given away', () => {
  expect(mayAssign(lead())).toBe(true)
  expect(mayAssign(lead({ can: { create: true, read: true, update: true, delete: false } }))).toBe(false)
  expect(mayAssign(lead({ fields: [field('owner', 'person', true)] }))).toBe(false)
})

it.each([
  ['text', ' 无锡 ', '无锡'],
  ['tags', '急，样品、 a', ['急', '样品', 'a']],
  ['choices', '高', ['高']],
  ['choices', '高\n样品、报价', ['高', '样品、报价']],
  ['boolean', 'false', false],
  ['currency', '12.50', '12.50'],
  ['datetime', '2026-11-30T09:30', '2026-11-30T01:30:00.000Z'],
  ['datetime', '2026-11-30', undefined],
  ['text', '  ', undefined],
] as [string, string, unknown][])('%s %j', (type, text, value) => {
  expect(wishedValue({ type }, text, 'Asia/Shanghai')).toEqual(value)
})

it.each([
  ['user:1', { owner: '1' }],
  ['pool:east', { pool: 'east' }],
  ['routing', { routing: true }],
  ['user:', undefined],
  ['', undefined],
])('%s goes to %j', (choice, target) => {
  expect(targetOf(choice)).toEqual(target)
})
