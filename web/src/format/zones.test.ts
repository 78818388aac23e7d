import { describe, expect, test } from 'vitest'
import { civilOf, inputText, instantOf, instantText } from './civil-time'
import { addDays, addMonths, dateText, monthDays, readDate, readTime } from './date-text'
import { daysBetween, momentText } from './moment'
import { phoneText } from './phone'
import { spanOf } from './span'

const zones = ['UTC', 'Asia/Shanghai', 'Asia/Kolkata', 'America/New_York', 'America/Sao_Paulo', 'Europe/Berlin', 'Pacific/Auckland', 'Australia/Lord_Howe', 'Asia/Kathmandu']

/** Every 111 hours and 13 minutes of a year: each hour of the day, each change of clocks nearby. */
const instants = Array.from({ length: 80 }, (_, n) => new Date(Date.UTC(2026, 0, 1) + n * (111 * 60 + 13) * 60_000))
const iso = (date: Date) => date.toISOString()

describe.each(zones)('clocks in %s', (zone) => {
  test('show what they show everywhere else in the app', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
    for (const instant of instants) expect(inputText(iso(instant), zone).replace('T', ' ')).toBe(format.format(instant))
  })

  test('are set to what was typed, whenever that time exists', () => {
    for (const instant of instants) {
      const typed = inputText(iso(instant), zone)
      expect(inputText(instantText(typed, zone), zone), `${typed} in ${zone}`).toBe(typed)
    }
  })

  test('count days by midnight, not by 24 hours', () => {
    for (const instant of instants) {
      const today = civilOf(instant, zone)
      const noon = instantOf({ ...today, hour: 12, minute: 0 }, zone)
      const tomorrow = instantOf({ ...civilOf(new Date(noon.getTime() + 24 * 3_600_000), zone), hour: 0, minute: 5 }, zone)
      expect(daysBetween(instant, noon, zone)).toBe(0)
      expect(daysBetween(noon, tomorrow, zone), iso(tomorrow)).toBe(1)
      expect(daysBetween(tomorrow, noon, zone)).toBe(-1)
    }
  })
})

describe('where clocks change', () => {
  test.each([
    ['forward in New York', '2026-03-08T01:30', 'America/New_York', '2026-03-08T06:30:00.000Z'],
    ['after it', '2026-03-08T03:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['before it goes back', '2026-11-01T00:30', 'America/New_York', '2026-11-01T04:30:00.000Z'],
    ['after it went back', '2026-11-01T02:30', 'America/New_York', '2026-11-01T07:30:00.000Z'],
    ['by half an hour on Lord Howe', '2026-04-05T03:00', 'Australia/Lord_Howe', '2026-04-04T16:30:00.000Z'],
    ['never in Shanghai', '2026-03-29T02:30', 'Asia/Shanghai', '2026-03-28T18:30:00.000Z'],
  ])('%s: %s in %s is %s', (_, text, zone, instant) => {
    expect(instantText(text, zone)).toBe(instant)
  })

  test('a time that does not exist becomes one that does', () => {
    expect(inputText(instantText('2026-03-08T02:30', 'America/New_York'), 'America/New_York')).toMatch(/^2026-03-08T0[13]:30$/)
  })
})

describe('a text that names no time', () => {
  test.each(['', '2026-11-24', '18:00', '2026-11-24T18', 'tomorrow', '24.11.2026 18:00'])('%j is blank', (text) => {
    expect(instantText(text, 'Asia/Shanghai')).toBe('')
  })
})

describe('moments', () => {
  const now = new Date('2026-12-31T15:00:00Z')
  test.each([
    ['zh-CN', 'Asia/Shanghai', '2026-12-31T15:30:00Z', '今天 23:30'],
    ['zh-CN', 'Asia/Shanghai', '2026-12-31T16:30:00Z', '明天 00:30'],
    ['zh-CN', 'Asia/Shanghai', '2026-12-30T15:30:00Z', '昨天 23:30'],
    ['zh-CN', 'Asia/Shanghai', '2026-12-25T02:00:00Z', '12月25日 10:00'],
    ['zh-CN', 'Asia/Shanghai', '2027-01-05T02:00:00Z', '2027年1月5日 10:00'],
    ['en', 'America/New_York', '2026-12-31T15:30:00Z', 'today 10:30'],
    ['en', 'America/New_York', '2027-01-01T06:00:00Z', 'tomorrow 01:00'],
    ['en', 'America/New_York', '2026-12-24T15:00:00Z', 'Dec 24 10:00'],
    ['en', 'UTC', '2025-12-24T15:00:00Z', 'Dec 24, 2025 15:00'],
  ])('in %s in %s %s is %s', (language, zone, instant, text) => {
    expect(momentText(new Date(instant), now, zone, language)).toBe(text)
  })

  test('midnight is 00:00 in every language', () => {
    for (const language of ['zh-CN', 'en', 'de', 'ja']) expect(momentText(new Date('2026-12-31T16:00:00Z'), now, 'Asia/Shanghai', language)).toContain('00:00')
  })
})

describe('days', () => {
  test('a day later and earlier is the same day', () => {
    for (let n = -800; n <= 800; n += 7) expect(addDays(addDays('2026-02-28', n), -n)).toBe('2026-02-28')
  })

  test.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2026-03-29', 1, '2026-03-30'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-01-01', 365, '2027-01-01'],
  ])('%s and %i days is %s', (day, days, after) => {
    expect(addDays(day, days)).toBe(after)
  })

  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-05-31', 12, '2027-05-31'],
    ['2028-02-29', 12, '2029-02-28'],
  ])('%s and %i months is %s', (day, months, after) => {
    expect(addMonths(day, months)).toBe(after)
  })

  test('a month shows each of its days once, in whole weeks from Monday', () => {
    for (let year = 2024; year <= 2032; year++) {
      for (let month = 1; month <= 12; month++) {
        const name = `${year}-${String(month).padStart(2, '0')}`
        const days = monthDays(name)
        expect(days.length % 7).toBe(0)
        expect(new Set(days).size).toBe(days.length)
        expect(new Date(`${days[0]}T00:00:00Z`).getUTCDay()).toBe(1)
        expect(days.filter((day) => day.startsWith(name))).toHaveLength(new Date(Date.UTC(year, month, 0)).getUTCDate())
      }
    }
  })
})

describe('what people type for a day', () => {
  const today = '2026-11-22'
  test.each([
    ['en', '2/3', '2026-02-03'],
    ['en-GB', '2/3', '2026-03-02'],
    ['de', '3.2.', '2026-02-03'],
    ['zh-CN', '2-3', '2026-02-03'],
    ['en', ' 02 / 03 / 2026 ', '2026-02-03'],
    ['en', '02-03-26', '2026-02-03'],
    ['zh-CN', '2026.2.3', '2026-02-03'],
    ['ja', '2026年02月03日', '2026-02-03'],
    ['en', '2028-02-29', '2028-02-29'],
  ])('in %s %s means %s', (language, typed, day) => {
    expect(readDate(typed, language, today)).toBe(day)
  })

  test.each([
    ['en', '2026-02-29'],
    ['en', '0/0/2026'],
    ['en', '13/13/2026'],
    ['zh-CN', '20261301'],
    ['zh-CN', '2026-00-10'],
    ['en', '1'],
    ['en', 'next Tuesday'],
  ])('in %s %s means none', (language, typed) => {
    expect(readDate(typed, language, today)).toBeUndefined()
  })

  test.each(['', 'x', '2026', '2026-1-1'])('%j is no day to be written', (day) => {
    expect(dateText(day, 'en')).toBe('')
  })
})

test('each time of a day is read as it is written, with and without a colon', () => {
  for (let hour = 0; hour < 24; hour++) {
    for (let minute = 0; minute < 60; minute += 7) {
      const [two, sixty] = [String(hour).padStart(2, '0'), String(minute).padStart(2, '0')]
      for (const text of [`${two}:${sixty}`, `${hour}:${sixty}`, `${two}${sixty}`, `${hour}.${sixty}`, ` ${two}:${sixty} `]) expect(readTime(text), text).toBe(`${two}:${sixty}`)
    }
  }
})

test.each(['', '24:00', '9:60', '9:5', '-1', '12:00:00', 'noon', '9 30'])('%j is no time of day', (text) => {
  expect(readTime(text)).toBeUndefined()
})

test.each([
  [1, 'minutes', 1],
  [59, 'minutes', 59],
  [60, 'hours', 1],
  [119.9, 'hours', 1],
  [47 * 60 + 59, 'hours', 47],
  [48 * 60, 'days', 2],
  [10_000_000, 'days', 6944],
  [-5, 'minutes', 1],
])('%d minutes are said in %s: %i', (minutes, unit, count) => {
  expect(spanOf(minutes)).toEqual({ unit, count })
})

test.each([
  ['+8613900007777', '139 0000 7777'],
  ['+86139000077771', '+86139000077771'],
  ['13900007777', '13900007777'],
  ['+861090007777', '+861090007777'],
  ['+8619012345678', '190 1234 5678'],
  ['+12125550100', '+12125550100'],
])('the number %s is shown as %s', (stored, shown) => {
  expect(phoneText(stored)).toBe(shown)
})
