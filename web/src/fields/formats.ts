import { phoneText } from '@/format/phone'

/** How values read in one language and zone. Intl objects are costly, so a list makes one set and keeps it. */
export interface Formats {
  /** An instant near `now` as a distance, a far one as a day. */
  relative(instant: string, now: number): string
  /** How far an instant is from `now`, without direction, in its largest unit. */
  span(instant: string, now: number): string
  /** Day and time in the company's zone. */
  exact(instant: string): string
  /** A civil day, YYYY-MM-DD. */
  day(date: string): string
  money(amount: string, currency: string): string
  number(decimal: string): string
  /** A stored number as it is read out at home; a foreign one as stored. */
  phone(stored: string): string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Beyond this a distance says less than the day itself. */
const near = 7 * day

type Unit = 'minute' | 'hour' | 'day'

/** A distance in milliseconds in the largest unit that tells it, rounded towards zero. */
export function distance(milliseconds: number): { unit: Unit; count: number } {
  const size = Math.abs(milliseconds)
  const [unit, length]: [Unit, number] = size >= 2 * day ? ['day', day] : size >= 2 * hour ? ['hour', hour] : ['minute', minute]
  return { unit, count: Math.trunc(milliseconds / length) }
}

export function createFormats(language: string, zone: string): Formats {
  const away = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const days = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium' })
  const civil = new Intl.DateTimeFormat(language, { timeZone: 'UTC', dateStyle: 'medium' })
  const times = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 20 })
  const units = new Map<Unit, Intl.NumberFormat>()
  const currencies = new Map<string, Intl.NumberFormat>()
  const unitOf = (unit: Unit) => kept(units, unit, () => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: language.startsWith('zh') ? 'long' : 'short' }))
  const currencyOf = (code: string) => kept(currencies, code, () => new Intl.NumberFormat(language, { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol' }))
  return {
    relative(instant, now) {
      const apart = new Date(instant).getTime() - now
      if (Math.abs(apart) > near) return days.format(new Date(instant))
      const { unit, count } = distance(apart)
      return away.format(count, unit)
    },
    span(instant, now) {
      const { unit, count } = distance(new Date(instant).getTime() - now)
      return unitOf(unit).format(Math.abs(count))
    },
    exact: (instant) => times.format(new Date(instant)),
    day: (date) => civil.format(new Date(`${date}T00:00:00Z`)),
    // Decimals stay texts: Intl reads them without passing through a float.
    money: (amount, currency) => currencyOf(currency || 'CNY').format(amount as unknown as number),
    phone: phoneText,
    number: (decimal) => numbers.format(decimal as unknown as number),
  }
}

const made = new Map<string, Formats>()

/** The formats of a language and zone, made once. */
export const formatsOf = (language: string, zone: string): Formats => kept(made, `${language} ${zone}`, () => createFormats(language, zone))

function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found) return found
  const made = make()
  map.set(key, made)
  return made
}
