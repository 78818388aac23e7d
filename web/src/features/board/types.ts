import type { FlatRecord } from '@/fields/field-list'

/** One choice of the board's field with what stands there. */
export interface BoardColumn {
  choice: string
  label: string
  color?: string
  closes?: boolean
  count: number
  sums: unknown[]
  filter: string
}

export interface Board {
  group: string
  sum?: string
  columns: BoardColumn[]
}

export interface CardPage {
  items: FlatRecord[]
  next_cursor?: string | null
}
