import { describe, expect, test } from 'vitest'
import { foundPhone, phoneText } from './phone'

test.each([
  ['+8613800138000', '138 0013 8000'],
  ['+862154321000', '+862154321000'],
  ['+4930123456', '+4930123456'],
  ['', ''],
])('%s is read %s', (phone, text) => {
  expect(phoneText(phone)).toBe(text)
})

describe('what was found in a number', () => {
  const stored = '+8613812345678'

  /** The grouped number with its marked stretches in brackets. */
  const marked = (...spans: [number, number][]) => {
    const { text, spans: found } = foundPhone({ text: stored, spans })
    return found.toReversed().reduce((shown, [from, to]) => `${shown.slice(0, from)}[${shown.slice(from, to)}]${shown.slice(to)}`, text)
  }

  test.each([
    ['the last four digits', [10, 14], '138 1234 [5678]'],
    ['the first three', [3, 6], '[138] 1234 5678'],
    ['digits over a gap', [5, 8], '13[8 12]34 5678'],
    ['the whole', [0, 14], '[138 1234 5678]'],
    ['the middle group', [6, 10], '138 [1234] 5678'],
    ['over both gaps', [5, 11], '13[8 1234 5]678'],
    ['the country alone', [0, 3], '138 1234 5678'],
  ] as [string, [number, number], string][])('%s stays marked', (_, span, text) => {
    expect(marked(span)).toBe(text)
  })

  test('every stretch marks the digits that it marked before', () => {
    for (let from = 3; from < stored.length; from++) {
      for (let to = from + 1; to <= stored.length; to++) {
        const { text, spans: [[first, last]] } = foundPhone({ text: stored, spans: [[from, to]] })
        expect(text.slice(first, last).replaceAll(' ', '')).toBe(stored.slice(from, to))
        expect(text.slice(first, last)).toBe(text.slice(first, last).trim())
      }
    }
  })

  test('another number and other texts stay as they are', () => {
    const foreign = { text: '+14155550100', spans: [[2, 5]] as [number, number][] }
    expect(foundPhone(foreign)).toBe(foreign)
  })
})
