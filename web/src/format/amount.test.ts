import { expect, test } from 'vitest'
import { moneyText, numberText } from './amount'

test('more digits than a float holds come out whole', () => {
  expect(numberText('12345678901234567890.10', 'en')).toBe('12,345,678,901,234,567,890.10')
})

test('round money has no cents, other money keeps them', () => {
  expect(moneyText({ amount: '120000.00', currency: 'CNY' }, 'zh-CN')).toBe('¥120,000')
  expect(moneyText({ amount: '-0.50', currency: 'CNY' }, 'en')).toBe('-CN¥0.50')
})
