import { expect, test } from 'vitest'
import { branches, within } from './department-tree'
import type { Department } from './types'

const department = (id: string, parent: string | null): Department => ({ id, name: id, parent, leader: null, members: 0 })
const company = [department('c', 'b'), department('b', 'a'), department('a', null), department('d', 'a'), department('x', 'gone')]

test('parents come before children, siblings by name', () => {
  expect(branches(company, 'en').map(({ department: { id }, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2c', '1d', '0x'])
})

test('a ring is shown, not followed for ever', () => {
  expect(branches([department('a', 'b'), department('b', 'a')], 'en').map(({ department: { id } }) => id)).toEqual(['a', 'b'])
})

test('a department cannot move below itself', () => {
  expect([...within(company, 'b')].sort()).toEqual(['b', 'c'])
})
