import type { RiskItem } from './types'

/** The bounds of a risk matrix, in days: columns by days left, rows by days of silence, the worst first. */
export const columns = [30, 60, 90]

/** Rows by the days that nobody spoke to the customer: beyond the limit, beyond half of it, less. */
export function rowsOf(limit: number): { key: string; from: number }[] {
  const half = Math.ceil(limit / 2)
  return [
    { key: 'long', from: limit + 1 },
    { key: 'while', from: half + 1 },
    { key: 'recent', from: 0 },
  ]
}

/** The items of each cell, by row and column; whoever was never spoken to is silent for ever. */
export function matrixOf(items: RiskItem[], limit: number): RiskItem[][][] {
  const rows = rowsOf(limit)
  const cells = rows.map(() => columns.map((): RiskItem[] => []))
  for (const item of items) {
    const row = rows.findIndex(({ from }) => (item.silent ?? Infinity) >= from)
    const column = columns.findIndex((days) => item.days_left <= days)
    if (row >= 0 && column >= 0) cells[row][column].push(item)
  }
  return cells
}

const ranks = ['red', 'amber', '']

/** The worst first, then what ends first. */
export function byRisk(a: RiskItem, b: RiskItem): number {
  return ranks.indexOf(a.level) - ranks.indexOf(b.level) || a.days_left - b.days_left
}
