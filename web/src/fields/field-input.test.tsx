// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, test } from 'vitest'
import { inputText, instantText } from '@/format/civil-time'
import { zone } from '@/testing/company'
import { show } from '@/testing/show'
import { FieldEditor } from './field-editor'
import type { FieldShape } from './field-value'

const field = (type: string, more: Partial<FieldShape> = {}): FieldShape => ({ name: 'f', label: 'F', type, required: false, read_only: false, ...more })
const sizes = [{ name: 's', label: 'Small' }, { name: 'l', label: 'Large' }]
const people = [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }]
const clocks = { inputText: (instant: string) => inputText(instant, zone), instantText: (text: string) => instantText(text, zone) }

let said: unknown[] = []

function Form({ of, first, fault, invalid }: { of: FieldShape; first: unknown; fault?: string; invalid?: boolean }) {
  const [value, setValue] = useState(first)
  const keep = (next: unknown) => {
    said.push(next)
    setValue(next)
  }
  return <FieldEditor field={of} value={value} people={people} zone={clocks} fault={fault} invalid={invalid} onChange={keep} />
}

const edit = async (of: FieldShape, first: unknown = null, more: { fault?: string; invalid?: boolean } = {}) => {
  said = []
  await show(<Form of={of} first={first} {...more} />)
  return (await screen.findByLabelText('F')) as HTMLInputElement
}
const type = (input: HTMLElement, text: string) => fireEvent.change(input, { target: { value: text } })
const optionsOf = (input: HTMLElement) => [...input.querySelectorAll('option')].map((one) => one.textContent)

describe('what is typed is what the API takes', () => {
  test.each<[string, unknown, string, unknown]>([
    ['text', 'old', ' new ', 'new'],
    ['text', 'old', '   ', null],
    ['email', null, 'a@b.cn', 'a@b.cn'],
    ['phone', null, '138 0013 8000', '138 0013 8000'],
    ['number', null, '12.50', '12.50'],
    ['percent', '5', '', null],
    ['currency', { amount: '1', currency: 'USD' }, '2,000', { amount: '2000', currency: 'USD' }],
    ['currency', null, '12', { amount: '12', currency: 'CNY' }],
    ['tags', ['a'], 'a、b; c', ['a', 'b', 'c']],
    ['long_text', 'one', 'two\nlines', 'two\nlines'],
    ['something new', 'x', 'y', 'y'],
  ])('%s: %j becomes %j', async (kind, before, text, value) => {
    type(await edit(field(kind), before), text)
    expect(said).toEqual([value])
  })

  test.each<[string, string, string]>([
    ['email', 'email', ''],
    ['phone', 'tel', ''],
    ['url', 'url', ''],
    ['number', 'text', 'decimal'],
    ['currency', 'text', 'decimal'],
    ['text', 'text', ''],
  ])('%s gets the phone’s keyboard for it', async (kind, inputType, mode) => {
    const input = await edit(field(kind))
    expect([input.type, input.inputMode || '']).toEqual([inputType, mode])
  })

  test('a yes or no is a box; what was never said is no', async () => {
    const box = await edit(field('boolean'))
    expect(box.checked).toBe(false)
    fireEvent.click(box)
    fireEvent.click(box)
    expect(said).toEqual([true, false])
  })

  test('a moment is the company’s, whatever this device’s zone is', async () => {
    await edit(field('datetime'), '2026-11-23T16:30:00Z').catch(() => undefined)
    const [day, time] = screen.getAllByRole<HTMLInputElement>('textbox')
    expect([day.value, time.value.replaceAll('\u202f', ' ')]).toEqual(['11/24/2026', expect.stringMatching(/^(12:30 AM|00:30)$/)])
  })
})

describe('a choice', () => {
  test('is one of what there is, or none', async () => {
    const select = await edit(field('choice', { choices: sizes }), 's')
    expect(optionsOf(select)).toEqual(['–', 'Small', 'Large'])
    type(select, 'l')
    type(select, '')
    expect(said).toEqual(['l', null])
  })

  test('that was retired stays to be seen until another is chosen', async () => {
    const select = await edit(field('choice', { choices: sizes }), 'xl')
    expect(select.value).toBe('xl')
    expect(optionsOf(select)).toEqual(['–', 'xl', 'Small', 'Large'])
    type(select, 's')
    expect(optionsOf(select)).toEqual(['–', 'Small', 'Large'])
    expect(said).toEqual(['s'])
  })

  test('without any choices is still none', async () => {
    expect(optionsOf(await edit(field('choice')))).toEqual(['–'])
  })
})

describe('a person', () => {
  test('is chosen by name and sent by id', async () => {
    const select = await edit(field('person'), { id: 'u-lin', label: 'Lin' })
    expect(optionsOf(select)).toEqual(['–', 'Lin', 'Chen'])
    expect(select.value).toBe('u-lin')
    type(select, 'u-chen')
    expect(said).toEqual(['u-chen'])
  })

  test.each<[string, unknown, string]>([
    ['by name', { id: 'u-wu', label: 'Wu' }, 'Wu'],
    ['by id where the reader may not know the name', { id: 'u-wu' }, 'u-wu'],
  ])('who left is not told as nobody: %s', async (_, value, text) => {
    const select = await edit(field('person'), value)
    expect(optionsOf(select)).toEqual(['–', text, 'Lin', 'Chen'])
    expect(select.querySelector('option:checked')?.textContent).toBe(text)
  })
})

describe('what is wrong', () => {
  test('stands below the input, which says that it is wrong and by what', async () => {
    const input = await edit(field('text'), 'x', { fault: 'Too short' })
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Too short')
  })

  test('may be told elsewhere', async () => {
    const input = await edit(field('choice', { choices: sizes }), 's', { invalid: true })
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(input.hasAttribute('aria-describedby')).toBe(false)
  })

  test.each(['text', 'choice', 'person', 'boolean', 'long_text'])('marks a %s too', async (kind) => {
    const input = await edit(field(kind), null, { fault: 'No' })
    await waitFor(() => expect(input.getAttribute('aria-invalid')).toBe('true'))
  })
})
