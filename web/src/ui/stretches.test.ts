import { expect, test } from 'vitest'
import { stretches } from './stretches'

const parts = (text: string, spans: [number, number][]) => stretches(text, spans).map(({ part, found }) => (found ? `[${part}]` : part)).join('')

test('what was found stands apart and nothing is lost', () => {
  expect(parts('苏州恒力液压', [[2, 4]])).toBe('苏州[恒力]液压')
  expect(parts('苏州恒力', [[0, 2], [2, 4]])).toBe('[苏州][恒力]')
  expect(parts('苏州', [])).toBe('苏州')
  expect(parts('', [[0, 3]])).toBe('')
})

test('spans beyond the text are cut', () => {
  expect(parts('abc', [[1, 9]])).toBe('a[bc]')
  expect(parts('abc', [[5, 9]])).toBe('abc')
})
