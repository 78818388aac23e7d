const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** A parameter of an entry as people read it: instants in the company's zone, names for persons, lists with commas. */
export function paramText(value: unknown, language: string, zone: string): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string' && instant.test(value)) {
    return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(new Date(value))
  }
  if (Array.isArray(value)) return value.map((part) => paramText(part, language, zone)).join(', ')
  if (typeof value !== 'object') return String(value)
  if ('label' in value && typeof value.label === 'string') return value.label
  return Object.entries(value)
    .map(([name, part]) => `${name}: ${paramText(part, language, zone)}`)
    .join(' · ')
}
