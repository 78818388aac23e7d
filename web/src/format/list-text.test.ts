import { expect, test } from 'vitest'
import { listText } from './list-text'

test.each([
  [['甲', '乙', '丙'], 'zh-CN', '甲、乙、丙'],
  [['a', 'b'], 'en', 'a, b'],
  [['a', 'b'], 'en-US', 'a, b'],
  [['a'], 'en', 'a'],
  [[], 'zh-CN', ''],
])('%j in %s', (things, language, wanted) => {
  expect(listText(things, language)).toBe(wanted)
})
