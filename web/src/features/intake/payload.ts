/**
 * A raw body for reading: JSON is indented, and JSON kept as text inside it is opened too.
 * Anything else is shown as it came.
 */
export function readable(body: string): string {
  try {
    return JSON.stringify(opened(JSON.parse(body)), null, 2)
  } catch {
    return body
  }
}

function opened(value: unknown): unknown {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      return opened(JSON.parse(value))
    } catch {
      return value
    }
  }
  if (Array.isArray(value)) return value.map(opened)
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, opened(part)]))
  return value
}
