import { civilOf, instantOf, utc, type Civil } from '@/format/civil-time'

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
