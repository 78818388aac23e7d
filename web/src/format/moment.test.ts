import { expect, test } from 'vitest'
import { momentText } from './moment'

const now = new Date('2026-11-22T15:30:00Z') // 23:30 in Shanghai

test.each([
  ['2026-11-22T15:00:00Z', 'today 23:00'],
  ['2026-11-22T16:30:00Z', 'tomorrow 00:30'],
  ['2026-11-21T02:00:00Z', 'yesterday 10:00'],
  ['2026-11-25T02:00:00Z', 'Nov 25 10:00'],
  ['2027-01-04T02:00:00Z', 'Jan 4, 2027 10:00'],
])('%s is %s', (instant, text) => {
  expect(momentText(new Date(instant), now, 'Asia/Shanghai', 'en')).toBe(text)
})
