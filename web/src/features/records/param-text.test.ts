import { expect, test } from 'vitest'
import { paramText } from './param-text'

test.each([
  ['plain', 'plain'],
  [null, '–'],
  [['a', 2], 'a, 2'],
  [{ id: 'u1', label: 'Lin' }, 'Lin'],
  [{ field: 'title', from: null, to: 'x' }, 'field: title · from: – · to: x'],
  ['2026-11-24T02:00:00Z', 'Nov 24, 2026, 10:00'],
])('%j', (value, text) => {
  expect(paramText(value, 'en', 'Asia/Shanghai').replaceAll('\u202f', ' ')).toBe(text)
})
