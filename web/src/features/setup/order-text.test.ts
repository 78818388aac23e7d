import { expect, test } from 'vitest'
import { orderKeys, orderText } from './order-text'

test.each([
  ['-created_at,company', [{ name: 'created_at', descending: true, step: '' }, { name: 'company', descending: false, step: '' }]],
  ['created_at:month,owner', [{ name: 'created_at', descending: false, step: 'month' }, { name: 'owner', descending: false, step: '' }]],
  ['', []],
])('an order is read and written back: %s', (text, keys) => {
  expect(orderKeys(text)).toEqual(keys)
  expect(orderText(keys)).toBe(text)
})

test('what is between commas and blank is no level', () => {
  expect(orderKeys(' , -score ,')).toEqual([{ name: 'score', descending: true, step: '' }])
})
