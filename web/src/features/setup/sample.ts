import { listText } from '@/format/list-text'

/** A body as people read it: JSON with its lines, and JSON inside a text opened; anything else as it came. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(opened(JSON.parse(body)), null, 2)
  } catch {
    return body
  }
}

function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, opened(one)]))
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  try {
    return opened(JSON.parse(value))
  } catch {
    return value
  }
}

/** A value of a record in one line. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return listText(value.map(valueText))
  if (typeof value !== 'object') return String(value)
  if ('amount' in value) return `${String(value.amount)} ${'currency' in value ? String(value.currency) : ''}`.trim()
  return 'label' in value ? String(value.label) : JSON.stringify(value)
}
