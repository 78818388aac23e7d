import { expect, test } from 'vitest'
import { addDays, addMonths, dateText, monthDays, readDate, readTime } from './date-text'

const today = '2026-11-22'

test.each([
  ['2026-01-31', 'zh-CN', '2026-01-31'],
  ['2026/1/31', 'en', '2026-01-31'],
  ['2026年1月31日', 'zh-CN', '2026-01-31'],
  ['20260131', 'en', '2026-01-31'],
  ['01/31/2026', 'en', '2026-01-31'],
  ['31/01/2026', 'en-GB', '2026-01-31'],
  ['1/31', 'en', '2026-01-31'],
  ['12-3', 'zh-CN', '2026-12-03'],
  ['３月５日', 'zh-CN', '2026-03-05'],
  ['26-1-31', 'zh-CN', '2026-01-31'],
])('%s in %s is %s', (text, language, day) => {
  expect(readDate(text, language, today)).toBe(day)
})

test.each(['', 'tomorrow', '2026-02-30', '13/31/2026', '2026', '1-2-3-4', '0-0'])('%s is no day', (text) => {
  expect(readDate(text, 'en', today)).toBeUndefined()
})

test('what is written is read back, whatever the language', () => {
  for (const language of ['zh-CN', 'en', 'en-GB', 'de', 'ja']) {
    for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) expect(readDate(dateText(day, language), language, today)).toBe(day)
  }
  expect(dateText('', 'en')).toBe('')
})

test('times are typed as people do', () => {
  expect(['9', '9:30', '0930', '23：59', '24', '9:75', 'x'].map(readTime)).toEqual(['09:00', '09:30', '09:30', '23:59', undefined, undefined, undefined])
})

test('a month is whole weeks from Monday', () => {
  const days = monthDays('2026-02')
  expect([days.length, days[0], days.at(-1)]).toEqual([35, '2026-01-26', '2026-03-01'])
  expect(monthDays('2027-02').length).toBe(28)
})

test('a month later keeps the day, or takes the last', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
  expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
  expect(addMonths('2026-11-30', 3)).toBe('2027-02-28')
})
