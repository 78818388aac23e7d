import { civilOf, utc } from './civil-time'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Whole civil days from one instant to another, as the zone's calendar counts them. */
export function daysBetween(from: Date, to: Date, zone: string): number {
  const midnight = (at: Date) => utc({ ...civilOf(at, zone), hour: 0, minute: 0 })
  return Math.round((midnight(to) - midnight(from)) / day)
}

/** The time of day in the zone, 14:05. */
export function timeText(at: Date, language: string, zone: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** A moment as people say it: “5 minutes ago”, “yesterday 14:05”, “3 Nov 14:05”; the year only when it is another one. */
export function whenText(instant: string, now: Date, language: string, zone: string): string {
  const at = new Date(instant)
  const ahead = at.getTime() - now.getTime()
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  if (Math.abs(ahead) < hour) return relative.format(Math.trunc(ahead / minute), 'minute')
  if (Math.abs(ahead) < 6 * hour) return relative.format(Math.trunc(ahead / hour), 'hour')
  const days = daysBetween(now, at, zone)
  if (days === 0) return timeText(at, language, zone)
  if (Math.abs(days) === 1) return `${relative.format(days, 'day')} ${timeText(at, language, zone)}`
  const year = civilOf(at, zone).year === civilOf(now, zone).year ? undefined : 'numeric'
  return new Intl.DateTimeFormat(language, { timeZone: zone, year, month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** A moment in full. */
export function stampText(instant: string, language: string, zone: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant))
}

/** A civil date (YYYY-MM-DD), which lies in no zone. */
export function dateText(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: 'UTC', dateStyle: 'medium' }).format(new Date(`${date}T00:00:00Z`))
}
