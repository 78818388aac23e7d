import { dateFormat } from './intl'

/** A civil time. Months count from 1. */
export interface Civil {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** What the zone's clocks show at an instant. */
export function civilOf(instant: Date, zone: string): Civil {
  const format = dateFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  return { year: part.year, month: part.month, day: part.day, hour: part.hour, minute: part.minute }
}

/** The civil time as if it were UTC, in milliseconds: for reckoning with days. */
export const utc = ({ year, month, day, hour, minute }: Civil) => Date.UTC(year, month - 1, day, hour, minute)

/** The instant at which the zone's clocks show this civil time (the later one when they show it twice). */
export function instantOf(civil: Civil, zone: string): Date {
  const wanted = utc(civil)
  let guess = wanted
  for (let round = 0; round < 2; round++) guess += wanted - utc(civilOf(new Date(guess), zone))
  return new Date(guess)
}

/** An instant as the text of `<input type="datetime-local">` in the company's zone. */
export function inputText(instant: string, zone: string): string {
  if (!instant) return ''
  const { year, month, day, hour, minute } = civilOf(new Date(instant), zone)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** The instant that such a text names; empty when it is not whole. */
export function instantText(text: string, zone: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)
  if (!match) return ''
  const [year, month, day, hour, minute] = match.slice(1).map(Number)
  return instantOf({ year, month, day, hour, minute }, zone).toISOString()
}
