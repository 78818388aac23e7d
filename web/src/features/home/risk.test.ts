import { expect, test } from 'vitest'
import { byRisk, matrixOf } from './risk'
import type { RiskItem } from './types'

const item = (id: string, days_left: number, silent: number | null, level: RiskItem['level'] = ''): RiskItem => ({
  id, days_left, silent, level, label: id, object: 'contract', company: null, ends_on: '', score: null,
})

test('rows are silence, columns are the days left', () => {
  const cells = matrixOf([item('a', 30, 31), item('b', 31, 30), item('c', 90, 15), item('d', 0, null), item('e', 60, 16)], 30)
  expect(cells.map((row) => row.map((cell) => cell.map(({ id }) => id).join()))).toEqual([
    ['a,d', '', ''],
    ['', 'b,e', ''],
    ['', '', 'c'],
  ])
})

test('the worst comes first, then what ends first', () => {
  const items = [item('well', 1, 1), item('late', 80, 40, 'red'), item('soon', 5, 40, 'red'), item('quiet', 2, 40, 'amber')]
  expect(items.toSorted(byRisk).map(({ id }) => id)).toEqual(['soon', 'late', 'quiet', 'well'])
})
