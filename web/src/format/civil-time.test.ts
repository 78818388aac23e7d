import { expect, test } from 'vitest'
import { instantText, inputText } from './civil-time'

const zone = 'Asia/Shanghai'

test('the input speaks the company’s time, whatever the browser’s zone', () => {
  expect(instantText('2026-11-24T18:00', zone)).toBe('2026-11-24T10:00:00.000Z')
  expect(instantText('2026-07-01T09:30', 'America/New_York')).toBe('2026-07-01T13:30:00.000Z')
  expect(instantText('', zone)).toBe('')
  expect(inputText('2026-11-24T10:00:00Z', zone)).toBe('2026-11-24T18:00')
})
