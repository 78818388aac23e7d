import { expect, test } from 'vitest'
import type { FlatRecord } from '@/fields/field-list'
import { groupLines, rowLines, type CountedGroup, type Line } from './lines'

const record = (id: string) => ({ id, created_at: '', updated_at: '' }) as FlatRecord
const group = (key: string, count: number): CountedGroup => ({ keys: [key], count, filter: `a = "${key}"` })
const said = (lines: Line[]) => lines.map((line) => (line.kind === 'row' ? line.id : line.kind === 'group' ? `${'>'.repeat(line.depth)}${String(line.value)}(${line.count})${line.open ? '-' : '+'}` : `…${line.left}${line.loading ? '?' : ''}`))

test('rows are lines', () => {
  expect(said(rowLines([record('1'), record('2')]))).toEqual(['1', '2'])
})

test('a closed group is its head; an open one shows its rows and what is left', () => {
  const opened = new Map([['a = "x"', { rows: [record('1'), record('2')] }]])
  const open = (filter: string) => filter === 'a = "x"' || filter === 'a = "y"'
  const lines = groupLines([group('x', 5), group('y', 3), group('z', 1)], [{ name: 'a' }], opened, open)
  expect(said(lines)).toEqual(['x(5)-', '1', '2', '…3', 'y(3)-', '…3?', 'z(1)+'])
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
})

test('a group within a group is told apart by both', () => {
  const levels = [{ name: 'a' }, { name: 'b' }]
  const inner = { keys: ['i'], count: 1, filter: 'b = 1' }
  const both = 'a = "x" AND b = 1'
  const opened = new Map([
    ['a = "x"', { groups: [inner] }],
    ['a = "y"', { groups: [inner] }],
    [both, { rows: [record('1')] }],
  ])
  const lines = groupLines([group('x', 1), group('y', 1)], levels, opened, (filter) => filter !== 'a = "y" AND b = 1')
  expect(said(lines)).toEqual(['x(1)-', '>i(1)-', '1', 'y(1)-', '>i(1)+'])
  expect(lines[1]).toMatchObject({ filter: both, level: { name: 'b' } })
})
