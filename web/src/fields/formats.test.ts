import { expect, test } from 'vitest'
import { createFormats, distance } from './formats'

const now = Date.parse('2026-11-24T02:30:00Z')
const formats = createFormats('en', 'Asia/Shanghai')
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()

test.each([
  [-5, '5 minutes ago'],
  [-180, '3 hours ago'],
  [60 * 24 * 3, 'in 3 days'],
  [-60 * 24 * 30, 'Oct 25, 2026'],
])('%i minutes away reads', (minutes, text) => {
  expect(formats.relative(at(minutes), now)).toBe(text)
})

test('a distance is never rounded up', () => {
  expect(distance(-119 * 60_000)).toEqual({ unit: 'minute', count: -119 })
  expect(distance(47.9 * 3_600_000)).toEqual({ unit: 'hour', count: 47 })
})

test('money and numbers keep every digit', () => {
  expect(formats.money('12345678901234567.89', 'CNY')).toBe('¥12,345,678,901,234,567.89')
  expect(formats.number('-1234567.001')).toBe('-1,234,567.001')
})

test('a mobile number of the country is grouped, another stays', () => {
  expect(formats.phone('+8613800001100')).toBe('138 0000 1100')
  expect(formats.phone('+14155550100')).toBe('+14155550100')
})

test('a day is a day everywhere', () => {
  expect(formats.day('2026-01-31')).toBe('Jan 31, 2026')
  expect(formats.exact('2026-11-24T18:00:00Z').replaceAll('\u202f', ' ')).toBe('Nov 25, 2026, 02:00')
})
