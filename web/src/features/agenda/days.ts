import { civilOf, instantOf } from '@/format/civil-time'

const dayLength = 24 * 3600_000

const two = (n: number) => String(n).padStart(2, '0')

/** The civil day on which an instant lies, YYYY-MM-DD. */
export function dayOf(instant: Date | string, zone: string): string {
  const { year, month, day } = civilOf(new Date(instant), zone)
  return `${year}-${two(month)}-${two(day)}`
}

const utcOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
const text = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10)

export const addDays = (day: string, days: number): string => text(utcOf(day) + days * dayLength)

/** Days from one to another. */
export const daysBetween = (from: string, to: string): number => Math.round((utcOf(to) - utcOf(from)) / dayLength)

/** The Monday of a day's week. */
export const mondayOf = (day: string): string => addDays(day, -((new Date(utcOf(day)).getUTCDay() + 6) % 7))

/** The same time of day on another day. */
export function onDay(instant: string, day: string, zone: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return instantOf({ ...civilOf(new Date(instant), zone), year, month, day: date }, zone).toISOString()
}

const halfHour = 30 * 60_000

/** The same time of day on another day; the next half hour where that has passed today already. */
export function droppedOn(instant: string, day: string, zone: string, now: Date): string {
  const same = onDay(instant, day, zone)
  if (day !== dayOf(now, zone) || new Date(same) > now) return same
  const next = new Date(Math.ceil((now.getTime() + 1) / halfHour) * halfHour)
  return dayOf(next, zone) === day ? next.toISOString() : same
}

/** Things to do by the day on which they are due, in their order. */
export function byDayOf<T extends { due_at: string }>(items: T[], zone: string): Map<string, T[]> {
  const days = new Map<string, T[]>()
  for (const item of items) {
    const day = dayOf(item.due_at, zone)
    days.set(day, [...(days.get(day) ?? []), item])
  }
  return days
}

export type CalendarView = 'month' | 'week' | 'day'

/** The days that a view of the calendar shows: whole weeks of a month, a week, or one day. */
export function daysOf(view: CalendarView, day: string): string[] {
  if (view === 'day') return [day]
  const first = mondayOf(view === 'week' ? day : `${day.slice(0, 7)}-01`)
  const count = view === 'week' ? 7 : daysBetween(first, addDays(mondayOf(lastOfMonth(day)), 7))
  return Array.from({ length: count }, (_, n) => addDays(first, n))
}

function lastOfMonth(day: string): string {
  const [year, month] = day.split('-').map(Number)
  return text(Date.UTC(year, month, 0))
}

/** The day to which a view goes on, or back. */
export function turned(view: CalendarView, day: string, step: 1 | -1): string {
  if (view !== 'month') return addDays(day, step * (view === 'week' ? 7 : 1))
  const [year, month] = day.split('-').map(Number)
  return text(Date.UTC(year, month - 1 + step, 1))
}

export type Stretch = 'overdue' | 'today' | 'week' | 'later'
export const stretches: Stretch[] = ['overdue', 'today', 'week', 'later']

/** Where a thing to do stands in the list: what is overdue first, then by day. */
export function stretchOf(item: { due_at: string }, now: Date, zone: string): Stretch {
  if (new Date(item.due_at) < now) return 'overdue'
  const today = dayOf(now, zone)
  const due = dayOf(item.due_at, zone)
  if (due === today) return 'today'
  return due < addDays(mondayOf(today), 7) ? 'week' : 'later'
}
