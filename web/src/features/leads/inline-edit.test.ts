import { expect, test } from 'vitest'
import type { Field } from '@/api/catalog'
import type { FlatRecord } from '@/fields/field-list'
import { isEditable, sameValue } from './inline-edit'
import { patchRecords } from './patch-records'

const saved = { id: '1', created_at: 'c', updated_at: 'u2', company: 'new', secret: 'x' } as FlatRecord
const before = { id: '1', updated_at: 'u1', company: 'old' }
const other = { id: '2', company: 'other' }

test('a saved record shows at once in every list that holds it, with the fields that the list has', () => {
  const after = { id: '1', updated_at: 'u2', company: 'new' }
  expect(patchRecords({ items: [other, before] }, saved)).toEqual({ items: [other, after] })
  expect(patchRecords({ pages: [{ items: [other] }, { items: [before], next: 'n' }], params: [''] }, saved)).toEqual({ pages: [{ items: [other] }, { items: [after], next: 'n' }], params: [''] })
})

test('what holds no such record stays the same object', () => {
  for (const data of [undefined, null, { items: [other] }, { record: before, etag: 'e' }, { items: ['x'] }]) expect(patchRecords(data, saved)).toBe(data)
})

test.each([
  [null, undefined, true],
  ['', null, true],
  [[], null, true],
  ['u1', { id: 'u1', label: 'Li' }, true],
  [{ amount: '1', currency: 'CNY' }, { amount: '1', currency: 'CNY' }, true],
  ['a', 'b', false],
  [false, null, false],
])('%j and %j: the same is %s', (a, b, same) => {
  expect(sameValue(a, b)).toBe(same)
})

test('only what the reader may write is edited in a cell', () => {
  const field = (type: string, readOnly = false) => ({ name: 'f', type, read_only: readOnly }) as Field
  const can = { create: true, read: true, update: true, delete: true }
  expect(['text', 'choice', 'datetime', 'reference', 'auto_number'].map((type) => isEditable({ can }, field(type)))).toEqual([true, true, true, false, false])
  expect(isEditable({ can }, field('text', true))).toBe(false)
  expect(isEditable({ can: { ...can, update: false } }, field('text'))).toBe(false)
})
