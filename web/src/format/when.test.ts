import { expect, test } from 'vitest'
import { dateText, daysBetween, timeText, whenText } from './when'

const zone = 'Asia/Shanghai'
const now = new Date('2026-11-24T02:30:00Z') // 10:30 in Shanghai

test.each([
  ['2026-11-24T02:25:00Z', '5分钟前', '5 minutes ago'],
  ['2026-11-23T23:30:00Z', '3小时前', '3 hours ago'],
  ['2026-11-24T10:00:00Z', '18:00', '18:00'],
  ['2026-11-23T06:05:00Z', '昨天 14:05', 'yesterday 14:05'],
  ['2026-11-25T02:00:00Z', '明天 10:00', 'tomorrow 10:00'],
  ['2026-11-03T06:05:00Z', '11月3日 14:05', 'Nov 3, 14:05'],
  ['2025-11-03T06:05:00Z', '2025年11月3日 14:05', 'Nov 3, 2025, 14:05'],
])('%s reads %s', (at, chinese, english) => {
  expect(whenText(at, now, 'zh-CN', zone)).toBe(chinese)
  expect(whenText(at, now, 'en', zone)).toBe(english)
})

test('days change at the zone’s midnight, not the browser’s', () => {
  expect(daysBetween(now, new Date('2026-11-24T16:30:00Z'), zone)).toBe(1)
  expect(daysBetween(now, new Date('2026-11-24T15:30:00Z'), zone)).toBe(0)
})

test('midnight is 00:00', () => {
  expect(timeText(new Date('2026-11-24T16:00:00Z'), 'en', zone)).toBe('00:00')
})

test('a date keeps its day everywhere', () => {
  expect(dateText('2026-01-31', 'zh-CN')).toBe('2026年1月31日')
})
