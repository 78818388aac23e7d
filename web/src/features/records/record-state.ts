import type { Clock, FlatRecord } from './types'

const idOf = (value: unknown) => (value && typeof value === 'object' && 'id' in value ? String(value.id) : typeof value === 'string' ? value : '')

/** Whether the reader may claim: nobody owns the record, or the reader does and its claim clock still runs. */
export function mayClaim(record: FlatRecord, clocks: Clock[], reader: string): boolean {
  if (!('owner' in record)) return false
  const owner = idOf(record.owner)
  if (owner === '') return true
  return owner === reader && clocks.some(({ name, state }) => (state === 'running' || state === 'fired') && name.includes('claim'))
}

/** The number to dial; null when it must not be dialled (demo), undefined when there is none. */
export function dialOf(record: FlatRecord, demo: boolean): string | null | undefined {
  if (typeof record.phone !== 'string' || record.phone === '') return undefined
  return demo ? null : record.phone
}
