import { expect, test } from 'vitest'
import { readable } from './payload'

test('JSON inside JSON text is opened', () => {
  expect(JSON.parse(readable('{"data":"{\\"clue_id\\":\\"7\\"}"}'))).toEqual({ data: { clue_id: '7' } })
})

test.each(['not json', 'a=1&b=2', ''])('%s stays as it came', (body) => {
  expect(readable(body)).toBe(body)
})

test('a text that only looks like JSON stays text', () => {
  expect(JSON.parse(readable('{"note":"{急需"}'))).toEqual({ note: '{急需' })
})
