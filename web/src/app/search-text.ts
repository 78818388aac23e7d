/** The search part of an address as texts. */
export function readSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

/** The search part for these values; empty ones are left out. */
export function writeSearch(search: Record<string, unknown>): string {
  const texts = Object.entries(search).flatMap(([name, value]) => (value === undefined || value === null || value === '' ? [] : [[name, String(value)]]))
  const params = new URLSearchParams(texts)
  return params.size ? `?${params}` : ''
}
