// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, test } from 'vitest'
import { later, refusal, type Asked } from '@/testing/edge'
import { show } from '@/testing/show'
import { ReferenceInput, type Chosen } from './reference-input'

const hit = (id: string, text: string, details: unknown[] = []) => ({ object: 'company', id, title: { text, spans: [[0, 2]] }, details })
const found = (...items: unknown[]) => ({ groups: items.length > 0 ? [{ object: 'company', label: 'Company', items, next_cursor: null }] : [] })
const several = found(hit('c1', 'Borui', [{ field: 'phone', label: 'Phone', text: '+8613800138000', spans: [] }]), hit('c2', 'Borun'), hit('c3', 'Boke'))

const heard: (Chosen | null)[] = []

function Form({ first }: { first: Chosen | null }) {
  const [value, setValue] = useState(first)
  const hear = (chosen: Chosen | null) => {
    heard.push(chosen)
    setValue(chosen)
  }
  return (
    <>
      <ReferenceInput object="company" label="Company" value={value} onChange={hear} />
      <button type="button">Elsewhere</button>
    </>
  )
}

const form = (answer: unknown = several, first: Chosen | null = null) => {
  heard.length = 0
  return show(<Form first={first} />, { routes: { 'GET /search': answer } })
}
const box = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Company' })
const options = () => screen.queryAllByRole('option')

describe('another record', () => {
  test('is found by what is typed, in its own object alone', async () => {
    const { edge, user } = await form()
    await user.type(box(), 'bo')
    await waitFor(() => expect(options().map((one) => one.textContent)).toEqual(['Borui138 0013 8000', 'Borun', 'Boke']))
    expect(edge.last('GET /search').query).toMatchObject({ q: 'bo', objects: 'company' })
    expect(document.querySelector('[role=option] mark')?.textContent).toBe('Bo')
  })

  test('is chosen by the arrow keys and Enter, which does not send the form', async () => {
    const { user } = await form()
    await user.type(box(), 'bo')
    await waitFor(() => expect(options()).toHaveLength(3))
    await user.keyboard('{ArrowDown}')
    expect(document.getElementById(box().getAttribute('aria-activedescendant') ?? '')?.textContent).toBe('Borun')
    await user.keyboard('{ArrowUp}{ArrowUp}{Enter}')
    expect(heard).toEqual([{ id: 'c3', label: 'Boke' }])
    expect(box().value).toBe('Boke')
    expect(screen.queryByRole('listbox')).toBeNull()
  })

  test('is chosen by a tap, and the field keeps the focus', async () => {
    const { user } = await form()
    await user.type(box(), 'bo')
    await user.click(await screen.findByRole('option', { name: 'Borun' }))
    expect(heard).toEqual([{ id: 'c2', label: 'Borun' }])
    expect(document.activeElement).toBe(box())
  })

  test('that was typed and not chosen is none: the one before stays', async () => {
    const { user } = await form(several, { id: 'c9', label: 'Kaida' })
    await user.clear(box())
    await user.type(box(), 'bo')
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    expect(heard).toEqual([null])
    expect(box().value).toBe('')
  })

  test('is left as it was by Escape', async () => {
    const { user } = await form(several, { id: 'c9', label: 'Kaida' })
    await user.type(box(), 'x')
    await user.keyboard('{Escape}')
    expect(box().value).toBe('Kaida')
    expect(heard).toEqual([])
  })

  test('is taken away by emptying the field', async () => {
    const { user } = await form(several, { id: 'c9', label: 'Kaida' })
    await user.clear(box())
    expect(heard).toEqual([null])
    expect(screen.queryByRole('listbox')).toBeNull()
  })
})

describe('the server', () => {
  test('is asked once the typing rests, and not for blanks', async () => {
    const { edge, user } = await form()
    await user.type(box(), '   ')
    await new Promise((done) => setTimeout(done, 160))
    expect(edge.asked('GET /search')).toEqual([])
    await user.type(box(), 'borui')
    await waitFor(() => expect(options()).toHaveLength(3))
    expect(edge.last('GET /search').query.q).toBe('borui')
  })

  test('is not asked while a word is being composed, and Enter then confirms the word alone', async () => {
    const { edge } = await form()
    fireEvent.compositionStart(box())
    fireEvent.change(box(), { target: { value: 'suzh' } })
    await new Promise((done) => setTimeout(done, 160))
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true })
    expect(edge.asked('GET /search')).toEqual([])
    expect(heard).toEqual([])
    fireEvent.compositionEnd(box())
    await waitFor(() => expect(edge.asked('GET /search')).toHaveLength(1))
  })

  test('is waited for in words, and what it does not know is said', async () => {
    const gate = later<unknown>()
    const { user } = await form(gate.answer)
    await user.type(box(), 'zz')
    expect(await screen.findByText('Searching…')).toBeDefined()
    gate.give(found())
    expect(await screen.findByText('Nothing found')).toBeDefined()
    await user.keyboard('{ArrowDown}{Enter}')
    expect(heard).toEqual([])
  })

  test('that refuses says why', async () => {
    const { user } = await form(refusal(503, 'busy', 'Not now'))
    await user.type(box(), 'bo')
    expect(await screen.findByText('Not now')).toBeDefined()
  })

  test('is asked anew for other words, and the old answer is not taken for theirs', async () => {
    const { user } = await form(({ query }: Asked) => (query.q === 'bo' ? several : found(hit('k1', 'Kaida'))))
    await user.type(box(), 'bo')
    await waitFor(() => expect(options()).toHaveLength(3))
    await user.clear(box())
    await user.type(box(), 'ka')
    await waitFor(() => expect(options().map((one) => one.textContent)).toEqual(['Kaida']))
  })
})
