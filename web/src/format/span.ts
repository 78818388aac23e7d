/** A stretch of time in the largest unit that fits. */
export interface Span {
  unit: 'minutes' | 'hours' | 'days'
  count: number
}

const hour = 60
const day = 24 * hour

/** Minutes as people say them: 90 minutes are 1 hour, three days are days. */
export function spanOf(minutes: number): Span {
  if (minutes >= 2 * day) return { unit: 'days', count: Math.floor(minutes / day) }
  if (minutes >= hour) return { unit: 'hours', count: Math.floor(minutes / hour) }
  return { unit: 'minutes', count: Math.max(1, Math.floor(minutes)) }
}
