import { expect, test } from 'vitest'
import { minutesText } from './minutes-text'

test.each([
  [null, null],
  ['', null],
  [38, { unit: 'minutes', count: 38 }],
  ['37.5', { unit: 'minutes', count: 38 }],
  [150, { unit: 'hours', count: 2.5 }],
  [4320, { unit: 'days', count: 3 }],
])('%s', (minutes, text) => {
  expect(minutesText(minutes)).toEqual(text)
})
