import { describe, expect, test } from 'vitest'
import { dateFormat } from './intl'

describe('formats of dates', () => {
  const instant = new Date('2026-11-23T16:30:00Z')

  test('are made once for each language and wish', () => {
    const first = dateFormat('en', { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' })
    expect(dateFormat('en', { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' })).toBe(first)
  })

  test.each([
    ['en', { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' }, 'Nov 24'],
    ['zh-CN', { timeZone: 'Asia/Shanghai', month: 'short', day: 'numeric' }, '11月24日'],
    ['en', { timeZone: 'America/New_York', month: 'short', day: 'numeric' }, 'Nov 23'],
    ['en', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, '16:30'],
  ] as [string, Intl.DateTimeFormatOptions, string][])('tell language, zone and wishes apart: %s %o', (language, wishes, text) => {
    expect(dateFormat(language, wishes).format(instant)).toBe(text)
    expect(dateFormat(language, wishes).format(instant)).toBe(text)
  })

  test('refuse a zone that there is not, each time', () => {
    expect(() => dateFormat('en', { timeZone: 'Nowhere/None' })).toThrow(RangeError)
    expect(() => dateFormat('en', { timeZone: 'Nowhere/None' })).toThrow(RangeError)
  })
})
