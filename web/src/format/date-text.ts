/** Reads and writes civil days, YYYY-MM-DD, as people of a language type them. */

const two = (n: number) => String(n).padStart(2, '0')

/** The order of year, month and day in a language. */
function orderOf(language: string): ('year' | 'month' | 'day')[] {
  const parts = new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(2026, 0, 31))
  return parts.flatMap(({ type }) => (type === 'year' || type === 'month' || type === 'day' ? [type] : []))
}

/** A day as it stands in an input: 2026-01-31 where the year comes first, else as the language writes it. */
export function dateText(day: string, language: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(day)
  if (!match) return ''
  const [, year, month, date] = match
  const order = orderOf(language)
  if (order[0] === 'year') return `${year}-${month}-${date}`
  return order.map((part) => ({ year, month, day: date })[part]).join('/')
}

/** The day of numbers, where there is one. */
function dayOf(year: number, month: number, date: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, date))
  return at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? `${year}-${two(month)}-${two(date)}` : undefined
}

/** The day that a typed text means: whole, or without the year, which is then that of `today`; undefined where it means none. */
export function readDate(text: string, language: string, today: string): string | undefined {
  const numbers = text.normalize('NFKC').match(/\d+/g)?.map(Number) ?? []
  if (/^\s*\d{8}\s*$/.test(text)) return dayOf(Number(text.trim().slice(0, 4)), Number(text.trim().slice(4, 6)), Number(text.trim().slice(6)))
  const thisYear = Number(today.slice(0, 4))
  const order = orderOf(language)
  if (numbers.length === 2) {
    const [month, date] = order.indexOf('month') < order.indexOf('day') ? numbers : numbers.toReversed()
    return dayOf(thisYear, month, date)
  }
  if (numbers.length !== 3) return undefined
  const said = numbers[0] > 31 ? (['year', 'month', 'day'] as const) : order
  const part = (name: 'year' | 'month' | 'day') => numbers[said.indexOf(name)]
  const year = part('year')
  return dayOf(year < 100 ? 2000 + year : year, part('month'), part('day'))
}

/** A time of day from what is typed: 9, 9:30, 0930. */
export function readTime(text: string): string | undefined {
  const match = /^\s*(\d{1,2})(?:[:.](\d{2})|(\d{2}))?\s*$/.exec(text.normalize('NFKC'))
  if (!match) return undefined
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? match[3] ?? 0)]
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : undefined
}

/** The days of the weeks that a month touches, Monday first. */
export function monthDays(month: string): string[] {
  const [year, number] = month.split('-').map(Number)
  const first = new Date(Date.UTC(year, number - 1, 1))
  const before = (first.getUTCDay() + 6) % 7
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const cells = Math.ceil((before + days) / 7) * 7
  return Array.from({ length: cells }, (_, index) => addDays(`${month}-01`, index - before))
}

/** A day some days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The same day of another month, or that month's last. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0))
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate()))).toISOString().slice(0, 10)
}
