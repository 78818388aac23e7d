/** A length of time as documents have it. */
export interface Units {
  minutes?: number
  hours?: number
  days?: number
  field?: string
}

const minutesOf = { days: 24 * 60, hours: 60, minutes: 1 }

/** The one unit that tells a length without a rest, and how many of it. */
export function unitsOf(value: Units): { unit: 'minutes' | 'hours' | 'days' | 'field'; amount: number } {
  if (value.field !== undefined) return { unit: 'field', amount: 0 }
  const parts = (['days', 'hours', 'minutes'] as const).filter((unit) => value[unit])
  if (parts.length === 1) return { unit: parts[0], amount: value[parts[0]] ?? 0 }
  if (parts.length === 0) return { unit: value.minutes === 0 ? 'minutes' : value.days === 0 ? 'days' : 'hours', amount: 0 }
  const last = parts.at(-1) ?? 'minutes'
  const total = parts.reduce((sum, unit) => sum + (value[unit] ?? 0) * minutesOf[unit], 0)
  return { unit: last, amount: total / minutesOf[last] }
}

/** A whole number out of what was typed. */
export const wholeOf = (text: string) => Math.max(0, Math.trunc(Number(text)) || 0)
