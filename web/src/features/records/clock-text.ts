/** How long until (or since) a due time, in the largest unit that tells it, rounded down. */
export interface Remaining {
  late: boolean
  unit: 'minutes' | 'hours' | 'days'
  count: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export function remaining(due: string, now: Date): Remaining {
  const left = new Date(due).getTime() - now.getTime()
  const size = Math.abs(left)
  const late = left < 0
  if (size >= 2 * day) return { late, unit: 'days', count: Math.floor(size / day) }
  if (size >= 2 * hour) return { late, unit: 'hours', count: Math.floor(size / hour) }
  return { late, unit: 'minutes', count: Math.floor(size / minute) }
}

/** How loud a clock is: colour and icon follow from this, never from colour alone. */
export type Urgency = 'calm' | 'soon' | 'late'

export function urgency(due: string, now: Date): Urgency {
  const left = new Date(due).getTime() - now.getTime()
  if (left < 0) return 'late'
  return left < 2 * hour ? 'soon' : 'calm'
}
