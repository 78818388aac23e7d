// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Language } from '@/i18n/setup'
import { field, monday } from '@/testing/company'
import { show } from '@/testing/show'
import { Cell } from './cell'
import { valueText } from './field-value'
import { createFormats, formatsOf } from './formats'

const now = Date.parse(monday)
const colours = [{ name: 'new', label: 'New', color: 'blue' }, { name: 'old', label: 'Old', color: 'mauve' }]

let shown = 0

const cell = async (one: ReturnType<typeof field>, value: unknown, { language = 'en' as Language, due = false } = {}) => {
  const id = `cell-${++shown}`
  await show(<p data-testid={id}><Cell field={one} value={value} formats={createFormats(language, 'Asia/Shanghai')} now={now} due={due} /></p>, { language })
  return screen.findByTestId(id)
}

describe('a value in a list', () => {
  test.each([
    ['text', 'Borui', 'Borui'],
    ['phone', '+8613800138000', '138 0013 8000'],
    ['phone', '+14155550100', '+14155550100'],
    ['currency', { amount: '1200000.5', currency: 'CNY' }, '¥1,200,000.50'],
    ['currency', { amount: '99', currency: 'EUR' }, '€99.00'],
    ['number', '1234567', '1,234,567'],
    ['percent', '12.5', '12.5 %'],
    ['date', '2026-11-24', 'Nov 24, 2026'],
    ['datetime', '2026-11-23T01:00:00Z', '60 minutes ago'],
    ['boolean', true, 'Yes'],
    ['boolean', false, 'No'],
    ['person', { id: 'u-1', label: 'Lin' }, 'Lin'],
    ['reference', { id: 'c-1' }, 'c-1'],
    ['tags', ['x', 'y'], 'xy'],
    ['hologram', { depth: 3 }, '{"depth":3}'],
  ])('%s %j reads “%s”', async (type, value, text) => {
    expect((await cell(field('f', type), value)).textContent).toBe(text)
  })

  test.each([[null], [undefined], [''], [[]]])('%j is nothing, not a word', async (value) => {
    expect((await cell(field('f'), value)).textContent).toBe('')
  })

  test('zero and no are values', async () => {
    expect((await cell(field('f', 'number'), '0')).textContent).toBe('0')
    expect((await cell(field('g', 'boolean'), false)).textContent).not.toBe('')
  })

  test('a choice has its colour, one that nobody knows is grey and keeps its name', async () => {
    const told = await cell(field('status', 'choices', { choices: colours }), ['new', 'old', 'gone'])
    expect([...told.querySelectorAll<HTMLElement>('[data-color]')].map((one) => [one.textContent, one.dataset.color])).toEqual([['New', 'blue'], ['Old', 'gray'], ['gone', 'gray']])
  })

  test.each([[2, '★★★', '2 stars'], [0, '★★★', '0 stars'], [9, '★★★', '9 stars']])('%d stars are told in words too', async (count, signs, words) => {
    const told = await cell(field('stars', 'number'), count)
    expect(told.textContent).toBe(signs)
    expect(screen.getByRole('img', { name: words })).toBeDefined()
  })
})

describe('a deadline', () => {
  test.each([
    ['2026-11-23T04:00:00Z', '2 hr left', null],
    ['2026-11-23T01:30:00Z', '30 min late', 'true'],
    ['2026-11-20T02:00:00Z', '3 days late', 'true'],
  ])('at %s reads “%s”', async (at, text, late) => {
    const told = await cell(field('due', 'datetime'), at, { due: true })
    expect(told.textContent).toBe(text)
    expect(told.querySelector('time')?.getAttribute('data-late')).toBe(late)
    expect(told.querySelector('time')?.title).toContain('2026')
  })
})

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  test('a list and a record say the same of a value', async () => {
    const formats = formatsOf(language, 'Asia/Shanghai')
    const money = { amount: '1234567.5', currency: 'CNY' }
    expect(valueText(field('b', 'currency'), money, language, 'Asia/Shanghai')).toBe(formats.money('1234567.5', 'CNY'))
    expect(valueText(field('d', 'date'), '2026-11-24', language, 'Asia/Shanghai')).toBe(formats.day('2026-11-24'))
    expect((await cell(field('d', 'date'), '2026-11-24', { language })).textContent).toBe(formats.day('2026-11-24'))
    expect((await cell(field('b', 'currency'), money, { language })).textContent).toBe(formats.money('1234567.5', 'CNY'))
  })
})

describe('a decimal', () => {
  test('is never rounded through a float', () => {
    for (const digits of ['9007199254740993', '0.1000000000000000055', '12345678901234567890.12']) {
      expect(createFormats('en', 'UTC').number(digits).replaceAll(',', '')).toBe(digits)
      expect(createFormats('zh-CN', 'UTC').number(digits).replaceAll(',', '')).toBe(digits)
    }
  })

  test('of money keeps the cents of its currency, and an unknown currency its code', () => {
    expect(createFormats('en', 'UTC').money('5', 'JPY')).toBe('¥5')
    expect(createFormats('en', 'UTC').money('5', 'CNY')).toBe('¥5.00')
    expect(createFormats('zh-CN', 'UTC').money('5', 'USD')).toContain('$5.00')
    expect(createFormats('en', 'UTC').money('5', '')).toBe('¥5.00')
  })
})

describe('an instant', () => {
  const [shanghai, newYork] = [createFormats('en', 'Asia/Shanghai'), createFormats('en', 'America/New_York')]

  test('is told in the company’s zone, a civil day is the same everywhere', () => {
    expect(shanghai.exact('2026-11-23T20:00:00Z')).toMatch(/^Nov 24, 2026/)
    expect(newYork.exact('2026-11-23T20:00:00Z')).toMatch(/^Nov 23, 2026/)
    expect(shanghai.day('2026-11-24')).toBe(newYork.day('2026-11-24'))
  })

  test('of a week or more away is a day, of less a distance', () => {
    const at = (days: number) => new Date(now + days * 86_400_000).toISOString()
    expect(shanghai.relative(at(7), now)).toBe('in 7 days')
    expect(shanghai.relative(at(7.01), now)).toBe('Nov 30, 2026')
    expect(shanghai.relative(at(-7.01), now)).toBe('Nov 16, 2026')
    expect(shanghai.relative(at(0), now)).toBe('this minute')
  })

  test('has one maker for each language and zone, however often it is asked for', () => {
    expect(formatsOf('en', 'UTC')).toBe(formatsOf('en', 'UTC'))
    expect(formatsOf('en', 'UTC')).not.toBe(formatsOf('zh-CN', 'UTC'))
    expect(formatsOf('en', 'UTC')).not.toBe(formatsOf('en', 'Asia/Shanghai'))
  })
})
