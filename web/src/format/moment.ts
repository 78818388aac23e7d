import { civilOf, utc } from './civil-time'
import { dateFormat } from './intl'

const dayMillis = 24 * 60 * 60 * 1000

/** Whole days of the zone's calendar from one instant to another. */
export function daysBetween(from: Date, to: Date, zone: string): number {
  const midnight = (instant: Date) => utc({ ...civilOf(instant, zone), hour: 0, minute: 0 })
  return Math.round((midnight(to) - midnight(from)) / dayMillis)
}

/** An instant as short as its nearness allows: the time alone today, yesterday and tomorrow by name, else the date. */
export function momentText(instant: Date, now: Date, zone: string, language: string): string {
  const format = (options: Intl.DateTimeFormatOptions) => dateFormat(language, { timeZone: zone, ...options }).format(instant)
  const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const days = daysBetween(now, instant, zone)
  if (Math.abs(days) <= 1) return `${new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')} ${time}`
  const sameYear = civilOf(instant, zone).year === civilOf(now, zone).year
  return `${format({ month: 'short', day: 'numeric', year: sameYear ? undefined : 'numeric' })} ${time}`
}

/** Day and time in a zone, spelled out or as short as figures allow. */
export const exactText = (instant: string, zone: string, language: string, length: 'medium' | 'short' = 'medium'): string =>
  dateFormat(language, { timeZone: zone, dateStyle: length, timeStyle: 'short', hourCycle: 'h23' }).format(new Date(instant))
