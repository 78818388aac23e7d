import { expect, test } from 'vitest'
import { gridOf, strength } from './heat'

const cell = (row: string, column: string, count: number, good = 0) => ({ row, column, count, good, filter: `${row}${column}` })

test('cells stand in their row and column, holes stay empty', () => {
  const grid = gridOf({
    since: '2026-01-01',
    rows: [{ key: 'a', label: 'A' }, { key: '', label: '' }],
    columns: [{ key: 'x', label: 'X' }, { key: 'y', label: 'Y' }],
    cells: [cell('a', 'y', 3), cell('', 'x', 7)],
  })
  expect(grid.rows.map(({ cells, total }) => [cells.map((one) => one?.count), total])).toEqual([
    [[undefined, 3], 3],
    [[7, undefined], 7],
  ])
  expect(grid.most).toBe(7)
})

test('nothing gives an empty grid', () => expect(gridOf({ since: '', rows: [], columns: [], cells: [] })).toEqual({ rows: [], most: 0 }))

test.each([
  [0, 0, 0],
  [10, 0, 0],
  [10, 1, 1],
  [10, 2, 1],
  [10, 3, 2],
  [10, 10, 5],
])('of %i records %i good: strength %i', (count, good, expected) => expect(strength({ count, good })).toBe(expected))
