import { expect, test } from 'vitest'
import { addDays, byDayOf, dayOf, daysOf, droppedOn, mondayOf, onDay, stretchOf, turned } from './days'

const zone = 'Asia/Shanghai'

test('a day is the company’s, not the device’s', () => {
  expect(dayOf('2026-11-23T17:00:00Z', zone)).toBe('2026-11-24')
  expect(dayOf('2026-11-23T17:00:00Z', 'America/New_York')).toBe('2026-11-23')
})

test('days add up over months and leap years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  expect(mondayOf('2026-11-22')).toBe('2026-11-16')
  expect(mondayOf('2026-11-23')).toBe('2026-11-23')
})

test('a move keeps the time of day, over a change of clocks too', () => {
  expect(onDay('2026-11-24T07:30:00Z', '2026-11-27', zone)).toBe('2026-11-27T07:30:00.000Z')
  expect(onDay('2026-03-07T15:00:00Z', '2026-03-09', 'America/New_York')).toBe('2026-03-09T14:00:00.000Z')
})

test('what is dropped on today is due later today, not earlier', () => {
  const now = new Date('2026-11-24T06:12:00Z') // 14:12 in Shanghai
  expect(droppedOn('2026-11-25T01:00:00Z', '2026-11-24', zone, now)).toBe('2026-11-24T06:30:00.000Z')
  expect(droppedOn('2026-11-25T08:00:00Z', '2026-11-24', zone, now)).toBe('2026-11-24T08:00:00.000Z')
  expect(droppedOn('2026-11-25T01:00:00Z', '2026-11-23', zone, now)).toBe('2026-11-23T01:00:00.000Z')
  expect(droppedOn('2026-11-25T01:00:00Z', '2026-11-24', zone, new Date('2026-11-24T06:30:00Z'))).toBe('2026-11-24T07:00:00.000Z')
  // Nothing is left of the day: the dialog says so.
  expect(droppedOn('2026-11-25T01:00:00Z', '2026-11-24', zone, new Date('2026-11-24T15:45:00Z'))).toBe('2026-11-24T01:00:00.000Z')
})

test('things stand on the day of the company’s zone', () => {
  const items = [{ due_at: '2026-11-23T17:00:00Z' }, { due_at: '2026-11-24T02:00:00Z' }, { due_at: '2026-11-24T17:00:00Z' }]
  expect([...byDayOf(items, zone)].map(([day, list]) => `${day}:${list.length}`)).toEqual(['2026-11-24:2', '2026-11-25:1'])
})

test('a month is whole weeks from Monday', () => {
  const days = daysOf('month', '2026-11-18')
  expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42])
  expect(daysOf('month', '2027-02-01')).toHaveLength(28)
  expect(daysOf('week', '2026-11-22')[0]).toBe('2026-11-16')
  expect(daysOf('day', '2026-11-22')).toEqual(['2026-11-22'])
})

test('turning a page of the calendar', () => {
  expect(turned('month', '2026-01-31', 1)).toBe('2026-02-01')
  expect(turned('month', '2026-01-31', -1)).toBe('2025-12-01')
  expect(turned('week', '2026-11-22', 1)).toBe('2026-11-29')
  expect(turned('day', '2026-11-22', -1)).toBe('2026-11-21')
})

test('where a thing to do stands', () => {
  const now = new Date('2026-11-24T02:00:00Z') // Tuesday, 10:00
  const at = (due_at: string) => stretchOf({ due_at }, now, zone)
  expect(at('2026-11-24T01:59:00Z')).toBe('overdue')
  expect(at('2026-11-24T09:00:00Z')).toBe('today')
  expect(at('2026-11-29T15:00:00Z')).toBe('week')
  expect(at('2026-11-29T17:00:00Z')).toBe('later')
})
