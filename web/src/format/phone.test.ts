import { expect, test } from 'vitest'
import { phoneText } from './phone'

test.each([
  ['+8613800138000', '138 0013 8000'],
  ['+862154321000', '+862154321000'],
  ['+4930123456', '+4930123456'],
  ['', ''],
])('%s is read %s', (phone, text) => {
  expect(phoneText(phone)).toBe(text)
})
