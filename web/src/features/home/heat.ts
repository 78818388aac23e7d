import type { Heat, HeatCell } from './types'

/** A heat map as a table: one row of cells per row, undefined where there is no record. */
export interface HeatGrid {
  rows: { key: string; label: string; cells: (HeatCell | undefined)[]; total: number }[]
  /** The largest count of a cell. */
  most: number
}

export function gridOf({ rows, columns, cells }: Heat): HeatGrid {
  const place = new Map(cells.map((cell) => [`${cell.row}\n${cell.column}`, cell]))
  return {
    rows: rows.map(({ key, label }) => {
      const line = columns.map((column) => place.get(`${key}\n${column.key}`))
      return { key, label, cells: line, total: line.reduce((sum, cell) => sum + (cell?.count ?? 0), 0) }
    }),
    most: Math.max(0, ...cells.map(({ count }) => count)),
  }
}

/** How strongly a cell is coloured, in steps of 0 to 5: by the share of good records, in steps of 20 per cent. */
export function strength({ count, good }: Pick<HeatCell, 'count' | 'good'>): number {
  return count === 0 ? 0 : Math.min(5, Math.ceil((good / count) * 5))
}
