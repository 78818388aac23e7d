// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import type { Language } from '@/i18n/setup'
import { show } from '@/testing/show'
import { Calendar } from './calendar'
import { DateInput } from './date-input'
import { DateTimeInput } from './date-time-input'

const focusedDay = () => document.activeElement?.getAttribute('aria-label')

describe('a month', () => {
  const shown = async (props: { min?: string; max?: string; language?: Language; value?: string } = {}) => {
    const choose = vi.fn()
    const scene = await show(<Calendar value={props.value ?? '2026-11-24'} min={props.min} max={props.max} onChoose={choose} />, { language: props.language })
    return { ...scene, choose }
  }

  test.each([
    ['en', 'November 2026', 'Tuesday, November 24, 2026'],
    ['zh-CN', '2026年11月', '2026年11月24日星期二'],
  ] as const)('in %s speaks that language, and begins at the day', async (language, title, day) => {
    await shown({ language })
    expect(screen.getByText(title)).toBeDefined()
    expect(focusedDay()).toBe(day)
    expect(screen.getByRole('button', { name: day }).getAttribute('aria-current')).toBe('date')
  })

  test.each([
    ['{ArrowRight}', 'Wednesday, November 25, 2026'],
    ['{ArrowLeft}', 'Monday, November 23, 2026'],
    ['{ArrowDown}', 'Tuesday, December 1, 2026'],
    ['{ArrowUp}', 'Tuesday, November 17, 2026'],
    ['{PageDown}', 'Thursday, December 24, 2026'],
    ['{PageUp}', 'Saturday, October 24, 2026'],
  ])('%s goes to %s', async (key, day) => {
    const { user } = await shown()
    await user.keyboard(key)
    expect(focusedDay()).toBe(day)
  })

  test('is chosen from by Enter', async () => {
    const { user, choose } = await shown()
    await user.keyboard('{ArrowRight}{Enter}')
    expect(choose.mock.calls).toEqual([['2026-11-25']])
  })

  test('does not go before its first day, by key or by tap', async () => {
    const { user, choose } = await shown({ min: '2026-11-24' })
    await user.keyboard('{ArrowLeft}{ArrowUp}{PageUp}')
    expect(focusedDay()).toBe('Tuesday, November 24, 2026')
    await user.keyboard('{Enter}')
    await user.click(screen.getByRole('button', { name: 'Monday, November 23, 2026' }))
    expect(choose.mock.calls).toEqual([['2026-11-24']])
  })

  test('does not go past its last day', async () => {
    const { user } = await shown({ max: '2026-11-26' })
    await user.keyboard('{ArrowDown}')
    expect(focusedDay()).toBe('Thursday, November 26, 2026')
  })

  test('turns by its buttons too, and says which month it is', async () => {
    const { user } = await shown()
    await user.click(screen.getByRole('button', { name: 'Month after' }))
    expect(screen.getByText('December 2026').getAttribute('aria-live')).toBe('polite')
    await user.click(screen.getByRole('button', { name: 'Month before' }))
    await user.click(screen.getByRole('button', { name: 'Month before' }))
    expect(screen.getByText('October 2026')).toBeDefined()
  })

  test('has whole weeks, Monday first', async () => {
    await shown({ value: '2026-02-10' })
    const days = screen.getAllByRole('button').filter((one) => /\d{4}/.test(one.getAttribute('aria-label') ?? ''))
    expect([days.length, days[0].getAttribute('aria-label')]).toEqual([35, 'Monday, January 26, 2026'])
  })
})

function OneDate({ first = '', min, max, told }: { first?: string; min?: string; max?: string; told: (day: string) => void }) {
  const [day, setDay] = useState(first)
  const change = (next: string) => {
    setDay(next)
    told(next)
  }
  return <DateInput label="Visit" value={day} min={min} max={max} onChange={change} />
}

const dateInput = async (props: { first?: string; min?: string; max?: string; language?: Language } = {}) => {
  const told = vi.fn()
  const scene = await show(<OneDate {...props} told={told} />, { language: props.language })
  return { ...scene, told, input: screen.getByRole<HTMLInputElement>('textbox', { name: 'Visit' }) }
}

describe('a day that is typed', () => {
  test.each([
    ['en', '01/31/2026', '2026-01-31', '01/31/2026'],
    ['en', '2026-1-31', '2026-01-31', '01/31/2026'],
    ['zh-CN', '2026年1月31日', '2026-01-31', '2026-01-31'],
    ['zh-CN', '20260131', '2026-01-31', '2026-01-31'],
    ['zh-CN', '２６．１．３１', '2026-01-31', '2026-01-31'],
  ] as const)('in %s as %s is understood and written as people there do', async (language, typed, day, written) => {
    const { user, told, input } = await dateInput({ language })
    await user.type(input, typed)
    expect(told.mock.lastCall).toEqual([day])
    await user.tab()
    expect(input.value).toBe(written)
  })

  test('that is none is marked, stays to be mended, and is told to nobody', async () => {
    const { user, told, input } = await dateInput()
    await user.type(input, '02/30')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    await user.tab()
    expect(input.value).toBe('02/30')
    expect(told.mock.calls.flat()).not.toContain('2026-02-30')
  })

  test('outside of its bounds is marked', async () => {
    const { user, input } = await dateInput({ min: '2026-11-01', max: '2026-11-30' })
    await user.type(input, '12/01/2026')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    await user.clear(input)
    await user.type(input, '11/30/2026')
    expect(input.getAttribute('aria-invalid')).not.toBe('true')
  })

  test('can be taken away', async () => {
    const { user, told, input } = await dateInput({ first: '2026-11-24' })
    await user.clear(input)
    expect(told.mock.lastCall).toEqual([''])
    expect(input.placeholder).toBe('01/31/2026')
  })

  test('can be chosen instead; the focus comes back', async () => {
    const { user, told, input } = await dateInput({ first: '2026-11-24' })
    await user.click(screen.getByRole('button', { name: 'Calendar' }))
    await user.click(await screen.findByRole('button', { name: 'Thursday, November 26, 2026' }))
    expect(told.mock.lastCall).toEqual(['2026-11-26'])
    expect(input.value).toBe('11/26/2026')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Calendar' }))
  })
})

function OneMoment({ first = '', min, told }: { first?: string; min?: string; told: (text: string) => void }) {
  const [text, setText] = useState(first)
  const change = (next: string) => {
    setText(next)
    told(next)
  }
  return <DateTimeInput label="Due" value={text} min={min} onChange={change} />
}

describe('a day with a time', () => {
  const inputs = async (first = '') => {
    const told = vi.fn()
    const scene = await show(<OneMoment first={first} told={told} />)
    return { ...scene, told, day: screen.getByRole<HTMLInputElement>('textbox', { name: 'Due' }), time: screen.getByRole<HTMLInputElement>('textbox', { name: 'Due time of day' }) }
  }

  test('gets the end of the working day until a time is typed', async () => {
    const { user, told, day, time } = await inputs()
    await user.type(day, '11/24/2026')
    expect(told.mock.lastCall).toEqual(['2026-11-24T18:00'])
    expect(time.value).toBe('18:00')
  })

  test.each([
    ['9', '09:00'],
    ['0930', '09:30'],
    ['14.05', '14:05'],
    ['２３：５９', '23:59'],
  ])('takes %s as %s', async (typed, time) => {
    const scene = await inputs('2026-11-24T18:00')
    await scene.user.clear(scene.time)
    await scene.user.type(scene.time, typed)
    expect(scene.told.mock.lastCall).toEqual([`2026-11-24T${time}`])
    await scene.user.tab()
    expect(scene.time.value).toBe(time)
  })

  test('keeps a time that was typed before the day', async () => {
    const { user, told, day, time } = await inputs()
    await user.type(time, '7:15')
    await user.type(day, '11/24/2026')
    expect(told.mock.lastCall).toEqual(['2026-11-24T07:15'])
  })

  test('keeps the time when the day changes', async () => {
    const { user, told, day } = await inputs('2026-11-24T07:15')
    await user.clear(day)
    await user.type(day, '11/25/2026')
    expect(told.mock.lastCall).toEqual(['2026-11-25T07:15'])
  })

  test('marks a time that there is not, and keeps the last one', async () => {
    const { user, told, time } = await inputs('2026-11-24T18:00')
    await user.clear(time)
    await user.type(time, '25:00')
    expect(time.getAttribute('aria-invalid')).toBe('true')
    expect(told.mock.calls.flat().some((text: string) => text.includes('25:00'))).toBe(false)
  })

  test('is blank again when the day goes', async () => {
    const { user, told, day } = await inputs('2026-11-24T18:00')
    await user.clear(day)
    await waitFor(() => expect(told.mock.lastCall).toEqual(['']))
  })
})
