import { expect, test } from 'vitest'
import { mentioned, wantedName, withName } from './mention'

test.each([
  ['@', 1, ''],
  ['请 @zs', 5, 'zs'],
  ['请@张', 3, '张'],
  ['请 @张三 看', 7, undefined],
  ['no one', 6, undefined],
  ['a@b.com and', 11, undefined],
  ['@zs later', 3, 'zs'],
])('behind the @ of %s at %i', (text, caret, wanted) => {
  expect(wantedName(text, caret)).toBe(wanted)
})

test('a chosen name takes the place of what was typed, and the rest stays', () => {
  expect(withName('请 @zs 看', 5, '张三')).toEqual({ text: '请 @张三  看', caret: 6 })
})

test('only who still stands in the text is mentioned, once', () => {
  const li = { id: '1', name: '李雷' }
  const han = { id: '2', name: '韩梅梅' }
  expect(mentioned('@李雷 看看', [li, han, li])).toEqual(['1'])
})
