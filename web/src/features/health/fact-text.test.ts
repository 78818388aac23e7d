import { expect, test } from 'vitest'
import { bytesText, factText } from './fact-text'

const now = new Date('2026-11-22T06:00:00Z')
const text = (kind: 'text' | 'bytes' | 'time' | 'count' | 'seconds', value: string | number) => factText({ kind, value }, now, 'Asia/Shanghai', 'en')

test.each([
  [0, '0 byte'],
  [1023, '1,023 byte'],
  [1024, '1 kB'],
  [1536, '1.5 kB'],
  [10 * 1024 ** 2, '10 MB'],
  [9.96 * 1024 ** 3, '10 GB'],
  [3 * 1024 ** 5, '3,072 TB'],
])('%d bytes read %s', (bytes, want) => {
  expect(bytesText(bytes, 'en')).toBe(want)
})

test('bytes in Chinese carry the unit', () => {
  expect(bytesText(5 * 1024 ** 3, 'zh-CN')).toContain('5')
})

test('each kind reads in its own way', () => {
  expect(text('text', 'PostgreSQL')).toBe('PostgreSQL')
  expect(text('count', 12345)).toBe('12,345')
  expect(text('seconds', 1)).toBe('1 second')
  expect(text('seconds', 90)).toBe('90 seconds')
  expect(text('time', '2026-11-22T01:00:00Z')).toMatch(/09:00|9:00/)
})
