/** Civil time in the company's zone. Months count from 1. */
interface Civil {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

function civilOf(instant: Date, zone: string): Civil {
  const format = new Intl.DateTimeFormat('en-CA', {
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

const utc = ({ year, month, day, hour, minute }: Civil) => Date.UTC(year, month - 1, day, hour, minute)

/** The instant at which the zone's clocks show this civil time (the later one when they show it twice). */
function instantOf(civil: Civil, zone: string): Date {
  const wanted = utc(civil)
  let guess = wanted
  for (let round = 0; round < 2; round++) guess += wanted - utc(civilOf(new Date(guess), zone))
  return new Date(guess)
}

const weekday = (civil: Civil) => new Date(utc(civil)).getUTCDay()
const isWeekend = (civil: Civil) => weekday(civil) === 0 || weekday(civil) === 6
const nextDay = (civil: Civil): Civil => {
  const date = new Date(utc(civil) + 24 * 3600_000)
  return { ...civil, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** The same time of day, `days` weekdays later. Public holidays are the server's to know. */
function weekdaysLater(civil: Civil, days: number): Civil {
  let at = civil
  for (let left = days; left > 0; ) {
    at = nextDay(at)
    if (!isWeekend(at)) left--
  }
  return at
}

export type QuickPick = { name: 'today' | 'tomorrow' | 'days'; days: number; due: string }

/** The latest times one tap offers: today 18:00 while that lies ahead, tomorrow 10:00, `days` weekdays later 18:00. */
export function quickPicks(now: Date, zone: string, days: number): QuickPick[] {
  const today = civilOf(now, zone)
  const evening = instantOf({ ...today, hour: 18, minute: 0 }, zone)
  const morning = instantOf({ ...nextDay(today), hour: 10, minute: 0 }, zone)
  const later = instantOf({ ...weekdaysLater(today, days), hour: 18, minute: 0 }, zone)
  const picks: QuickPick[] = [
    { name: 'tomorrow', days: 1, due: morning.toISOString() },
    { name: 'days', days, due: later.toISOString() },
  ]
  return evening > now ? [{ name: 'today', days: 0, due: evening.toISOString() }, ...picks] : picks
}

/** An instant as the text of `<input type="datetime-local">` in the company's zone. */
export function inputText(due: string, zone: string): string {
  if (!due) return ''
  const { year, month, day, hour, minute } = civilOf(new Date(due), zone)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/** The instant that such a text names; empty when it is not whole. */
export function dueOf(text: string, zone: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text)
  if (!match) return ''
  const [year, month, day, hour, minute] = match.slice(1).map(Number)
  return instantOf({ year, month, day, hour, minute }, zone).toISOString()
}
