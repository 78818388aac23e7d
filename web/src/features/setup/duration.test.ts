import { expect, test } from 'vitest'
import { unitsOf, wholeOf } from './duration'

test.each([
  [{ minutes: 30 }, 'minutes', 30],
  [{ hours: 72 }, 'hours', 72],
  [{ days: 1, hours: 2 }, 'hours', 26],
  [{ hours: 1, minutes: 30 }, 'minutes', 90],
  [{ field: 'next_due' }, 'field', 0],
  [{ minutes: 0 }, 'minutes', 0],
  [{}, 'hours', 0],
] as const)('%j is told in %s', (value, unit, amount) => {
  expect(unitsOf(value)).toEqual({ unit, amount })
})

test.each([
  ['45', 45],
  ['', 0],
  ['-3', 0],
  ['2.9', 2],
  ['x', 0],
])('%s is %i', (text, whole) => {
  expect(wholeOf(text)).toBe(whole)
})
