import { expect, test } from 'vitest'
import { spanOf } from './span'

test.each([
  [0, { unit: 'minutes', count: 1 }],
  [59.9, { unit: 'minutes', count: 59 }],
  [60, { unit: 'hours', count: 1 }],
  [30 * 60, { unit: 'hours', count: 30 }],
  [48 * 60, { unit: 'days', count: 2 }],
])('%d minutes', (minutes, span) => {
  expect(spanOf(minutes)).toEqual(span)
})
