import { expect, test } from 'vitest'
import { remaining, urgency } from './clock-text'

const now = new Date('2026-11-24T02:00:00Z')
const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString()

test.each([
  [29, { late: false, unit: 'minutes', count: 29 }, 'soon'],
  [119, { late: false, unit: 'minutes', count: 119 }, 'soon'],
  [121, { late: false, unit: 'hours', count: 2 }, 'calm'],
  [47 * 60, { late: false, unit: 'hours', count: 47 }, 'calm'],
  [72 * 60, { late: false, unit: 'days', count: 3 }, 'calm'],
  [0, { late: false, unit: 'minutes', count: 0 }, 'soon'],
  [-5, { late: true, unit: 'minutes', count: 5 }, 'late'],
  [-26 * 60, { late: true, unit: 'hours', count: 26 }, 'late'],
])('%i minutes ahead', (minutes, left, loud) => {
  expect(remaining(after(minutes), now)).toEqual(left)
  expect(urgency(after(minutes), now)).toBe(loud)
})
