// @vitest-environment jsdom
import { act, createEvent, fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, test } from 'vitest'
import type { Field } from '@/api/catalog'
import { field } from '@/testing/company'
import { later } from '@/testing/edge'
import { show } from '@/testing/show'
import { CellEditor } from './cell-editor'
import type { Editing, InlineEdit } from './inline-edit'

interface Given {
  of: Field
  before?: unknown
  editing?: Partial<Editing>
  /** What a saving comes to. */
  commit?: (value: unknown) => Promise<boolean>
}

const happened: unknown[] = []

function Cell({ of, before = null, editing = {}, commit = () => Promise.resolve(true) }: Given) {
  const [now] = useState<Editing>({ id: 'l-1', field: of.name, before, saving: false, ...editing } as Editing)
  const edit = {
    commit: (value: unknown) => (happened.push(['saved', value]), commit(value)),
    cancel: () => happened.push('given up'),
    keepMine: () => (happened.push('mine'), Promise.resolve(true)),
    takeTheirs: () => happened.push('theirs'),
  } as unknown as InlineEdit
  return (
    <>
      <CellEditor field={of} editing={now} edit={edit} onDone={(to) => happened.push(`then ${to}`)} />
      <button type="button">Elsewhere</button>
    </>
  )
}

const cell = async (given: Given) => {
  happened.length = 0
  const scene = await show(<Cell {...given} />, { routes: { 'GET /users': { items: [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }] } } })
  await screen.findByRole('button', { name: 'Elsewhere' })
  const input = document.querySelector<HTMLInputElement>('[data-editor] :is(input, select, textarea)') as HTMLInputElement
  return { ...scene, input }
}
const type = (input: HTMLElement, text: string) => fireEvent.change(input, { target: { value: text } })
const told = (...expected: unknown[]) => waitFor(() => expect(happened).toEqual(expected))
const settled = () => act(() => new Promise((done) => setTimeout(done, 10)))
const city = field('city')
const status = field('status', 'choice', { choices: [{ name: 'new', label: 'New' }, { name: 'won', label: 'Won' }] })

describe('a cell that is opened', () => {
  test('has the keyboard at once, with its whole text marked to be typed over', async () => {
    const { input } = await cell({ of: city, before: 'Wuxi' })
    expect(document.activeElement).toBe(input)
    expect([input.selectionStart, input.selectionEnd]).toEqual([0, 4])
    expect(input.getAttribute('aria-label')).toBe('City')
  })

  test.each<[string, Field, unknown, string]>([
    ['money without its currency', field('budget', 'currency'), { amount: '1200.50', currency: 'USD' }, '1200.50'],
    ['tags as words', field('tags', 'tags'), ['a', 'b'], 'a, b'],
    ['a blank one as nothing', city, null, ''],
    ['a yes or no as one of both', field('vip', 'boolean'), false, 'false'],
    ['what nobody said as neither', field('vip', 'boolean'), null, ''],
    ['a choice by its name', status, 'won', 'won'],
    ['a choice that was retired', status, 'postponed', 'postponed'],
  ])('shows %s', async (_, of, before, text) => {
    const { input } = await cell({ of, before })
    expect(input.value).toBe(text)
  })

  test('names who left by the name that the record has', async () => {
    const { input } = await cell({ of: field('owner', 'person'), before: { id: 'u-wu', label: 'Wu' } })
    await screen.findByRole('option', { name: 'Chen' })
    expect(input.querySelector<HTMLOptionElement>('option:checked')?.textContent).toBe('Wu')
  })
})

describe('keys', () => {
  test.each<[string, string, object, unknown[]]>([
    ['Enter saves and stays', 'Enter', {}, [['saved', 'Suzhou'], 'then stay']],
    ['Tab saves and goes on', 'Tab', {}, [['saved', 'Suzhou'], 'then next']],
    ['Shift and Tab save and go back', 'Tab', { shiftKey: true }, [['saved', 'Suzhou'], 'then previous']],
    ['Escape gives up', 'Escape', {}, ['given up', 'then stay']],
    ['Enter while a word is composed is the composing’s', 'Enter', { isComposing: true }, []],
    ['Escape while a word is composed is the composing’s', 'Escape', { isComposing: true }, []],
    ['Shift and Enter are the text’s', 'Enter', { shiftKey: true }, []],
    ['other keys are the text’s', 'ArrowLeft', {}, []],
  ])('%s', async (_, key, more, expected) => {
    const { input } = await cell({ of: city, before: 'Wuxi' })
    type(input, 'Suzhou')
    fireEvent.keyDown(input, { key, ...more })
    await settled()
    expect(happened).toEqual(expected)
  })

  test('Tab does not leave the cell before it is saved', async () => {
    const slow = later<boolean>()
    const { input } = await cell({ of: city, before: 'Wuxi', commit: slow.answer })
    type(input, 'Suzhou')
    const tab = createEvent.keyDown(input, { key: 'Tab' })
    fireEvent(input, tab)
    expect(tab.defaultPrevented).toBe(true)
    await settled()
    expect(happened).toEqual([['saved', 'Suzhou']])
    slow.give(true)
    await told(['saved', 'Suzhou'], 'then next')
  })

  test('what was refused keeps the cell open', async () => {
    const { input } = await cell({ of: city, before: 'Wuxi', commit: () => Promise.resolve(false) })
    type(input, 'Suzhou')
    fireEvent.keyDown(input, { key: 'Enter' })
    await settled()
    expect(happened).toEqual([['saved', 'Suzhou']])
    expect(input.value).toBe('Suzhou')
  })
})

describe('leaving', () => {
  test('saves what was typed', async () => {
    const { input, user } = await cell({ of: city, before: 'Wuxi' })
    type(input, 'Suzhou')
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    await told(['saved', 'Suzhou'])
  })

  test('after Escape saves nothing', async () => {
    const { input, user } = await cell({ of: city, before: 'Wuxi' })
    type(input, 'Suzhou')
    fireEvent.keyDown(input, { key: 'Escape' })
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    await settled()
    expect(happened).toEqual(['given up', 'then stay'])
  })

  test('while Enter is still saving does not save twice', async () => {
    const slow = later<boolean>()
    const { input, user } = await cell({ of: city, before: 'Wuxi', commit: slow.answer })
    type(input, 'Suzhou')
    fireEvent.keyDown(input, { key: 'Enter' })
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    slow.give(true)
    await told(['saved', 'Suzhou'], 'then stay')
  })
})

describe('what a field makes of what is chosen', () => {
  test.each<[string, Field, unknown, string, unknown]>([
    ['a choice', status, 'new', 'won', 'won'],
    ['no choice', status, 'new', '', null],
    ['yes', field('vip', 'boolean'), null, 'true', true],
    ['no', field('vip', 'boolean'), true, 'false', false],
    ['neither', field('vip', 'boolean'), true, '', null],
    ['money in its own currency', field('budget', 'currency'), { amount: '1', currency: 'USD' }, '2,500', { amount: '2500', currency: 'USD' }],
    ['several lines', field('note', 'long_text'), null, 'a\nb', 'a\nb'],
  ])('%s', async (_, of, before, text, value) => {
    const { input } = await cell({ of, before })
    type(input, text)
    fireEvent.keyDown(input, { key: 'Enter' })
    await told(['saved', value], 'then stay')
  })
})

describe('somebody else was quicker', () => {
  const met = { conflict: { mine: 'won', theirs: 'new' } } as Partial<Editing>

  test('both values are told in words, and mine can be kept', async () => {
    const { user } = await cell({ of: status, before: 'won', editing: met })
    expect(screen.getAllByRole('alert').some((one) => /Won/.test(one.textContent ?? '') && /New/.test(one.textContent ?? ''))).toBe(true)
    await user.click(screen.getByRole('button', { name: /Won/ }))
    await told('mine', 'then stay')
  })

  test('theirs can be taken; leaving decides nothing', async () => {
    const { user } = await cell({ of: status, before: 'won', editing: met })
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    await settled()
    expect(happened).toEqual([])
    await user.click(screen.getByRole('button', { name: /New/ }))
    await told('theirs', 'then stay')
  })

  test('people are told by name', async () => {
    await cell({ of: field('owner', 'person'), before: 'u-lin', editing: { conflict: { mine: 'u-lin', theirs: 'u-chen' } } as Partial<Editing> })
    expect(await screen.findByRole('button', { name: /Chen/ })).toBeDefined()
    expect(screen.getByRole('button', { name: /Lin/ })).toBeDefined()
  })
})

test('a fault stands beside the input, which says that it is wrong', async () => {
  const { input } = await cell({ of: city, before: 'x', editing: { fault: 'No such city' } })
  expect(input.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText('No such city').getAttribute('role')).toBe('alert')
})
