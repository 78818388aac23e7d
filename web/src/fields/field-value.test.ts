import { expect, test } from 'vitest'
import { inputOf, valueOf, valueText, type FieldShape } from './field-value'

const field = (type: string, more: Partial<FieldShape> = {}): FieldShape => ({ name: 'f', label: 'F', type, required: false, read_only: false, ...more })
const zone = 'Asia/Shanghai'

test.each([
  ['choice', 'a', 'Apple'],
  ['choices', ['a', 'b'], 'Apple, b'],
  ['tags', ['x', 'y'], 'x, y'],
  ['person', { id: '1', label: 'Lin' }, 'Lin'],
  ['reference', { id: '1' }, '1'],
  ['percent', '12.5', '12.5 %'],
  ['datetime', '2026-11-24T02:00:00Z', 'Nov 24, 2026, 10:00'],
  ['phone', '+8613800001100', '138 0000 1100'],
  ['number', '1234567.5', '1,234,567.5'],
  ['date', '2026-11-24', 'Nov 24, 2026'],
  ['date', 'next spring', 'next spring'],
  ['datetime', 'soon', 'soon'],
  ['currency', 'much', 'much'],
  ['something new', { a: 1 }, '{"a":1}'],
  ['text', null, ''],
])('%s reads', (type, value, text) => {
  const shown = valueText(field(type, { choices: [{ name: 'a', label: 'Apple' }] }), value, 'en', zone)
  expect(shown.replaceAll('\u202f', ' ')).toBe(text)
})

test('money keeps every digit', () => {
  expect(valueText(field('currency'), { amount: '12345678901234567.89', currency: 'CNY' }, 'en', zone)).toBe('¥12,345,678,901,234,567.89')
})

test.each([
  ['text', ' x ', null, 'x'],
  ['text', '  ', 'x', null],
  ['tags', 'a, b、c', null, ['a', 'b', 'c']],
  ['tags', '急\uff0c样品\uff1b a\n b ;', null, ['急', '样品', 'a', 'b']],
  ['choices', 'a\nb, or c\n样品、报价', null, ['a', 'b, or c', '样品、报价']],
  ['currency', '1,200.50', { amount: '1', currency: 'USD' }, { amount: '1200.50', currency: 'USD' }],
])('%s "%s" goes to the API', (type, text, before, value) => {
  expect(valueOf(field(type), text, before)).toEqual(value)
})

test('an input starts with what is stored', () => {
  expect(inputOf(field('currency'), { amount: '5.00', currency: 'CNY' })).toBe('5.00')
  expect(inputOf(field('person'), { id: '7', label: 'Lin' })).toBe('7')
  expect(inputOf(field('tags'), ['a', 'b'])).toBe('a, b')
})

test.each([[['a']], [['b, or c', 'a']], [['样品、报价', 'x;y']]])('several choices %j are the same after their input, whatever their names hold', (names) => {
  expect(valueOf(field('choices'), inputOf(field('choices'), names), null)).toEqual(names)
})
