// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { setupRoutes } from '@/testing/setup-company'
import type { Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { withValue, type Body } from './document'
import { EditorProvider } from './editor-context'
import { ObjectEditor } from './node-editor'
import { useShape } from './queries'
import type { Fault } from './types'

interface Given {
  kind: string
  body: Body
  faults?: Fault[]
}

let now: Body = {}

/** The form of one document by the program's own schema, without what stands around it in the editor. */
function Form({ kind, body: first, faults = [] }: Given) {
  const [body, setBody] = useState(first)
  const shape = useShape(kind).data
  useEffect(() => {
    now = body
  }, [body])
  if (shape?.kind !== 'object') return null
  return (
    <EditorProvider value={{ language: 'en', kind, name: 'lead', body, faults, change: (path, value) => setBody((old) => withValue(old, path, value)), call: (pick, name) => `${pick.kind} ${name}` }}>
      <ObjectEditor shape={shape} value={body} path={[]} label="document" hidden={['name']} />
    </EditorProvider>
  )
}

const form = async (given: Given, routes: Routes = {}) => {
  const scene = await show(<Form {...given} />, { routes: { ...setupRoutes, ...routes } })
  await waitFor(() => expect(document.querySelector('[data-property]')).not.toBeNull())
  return scene
}
const type = (name: string, text: string) => fireEvent.change(screen.getByLabelText(name), { target: { value: text } })
const choices = (name: string) => within(screen.getByLabelText(name)).getAllByRole('option').map((one) => one.textContent)
const settled = (name: string, count: number) => waitFor(() => expect(choices(name).length).toBeGreaterThan(count))

const clock = (more: Body = {}): Given => ({ kind: 'clock', body: { label: { en: 'Claim' }, object: 'lead', target: { minutes: 30, calendar: 'working' }, start: { on: ['assigned'] }, ...more } })

describe('a document of any kind', () => {
  test('shows what it has and must have; the rest waits behind a button each', async () => {
    const { user } = await form(clock())
    expect([...document.querySelectorAll('[data-property]')].map((one) => one.getAttribute('data-property')).filter((name) => name !== 'on')).toEqual(['label', 'object', 'target', 'start'])
    await user.click(screen.getByRole('button', { name: 'Restart' }))
    expect(screen.getByRole('group', { name: 'Restart' })).toBeDefined()
    // To have been looked at is no change.
    expect('restart' in now).toBe(false)
  })

  test('gives the keyboard what was asked for, and what follows a row that went', async () => {
    const { user } = await form(clock({ breach: [{ label: { en: 'First' } }, { label: { en: 'Second' } }] }))
    await user.click(screen.getByRole('button', { name: 'Help' }))
    expect(document.activeElement).toBe(screen.getByLabelText('Help (Chinese)'))
    for (const [gone, next] of [['First', /^1 ?Second/], ['Second', 'Add to Breach']] as const) {
      await user.click(screen.getByRole('button', { name: `Actions on “${gone}”` }))
      await user.click(screen.getByRole('menuitem', { name: 'Delete' }))
      expect(document.activeElement).toBe(screen.getByRole('button', { name: next, expanded: typeof next === 'string' ? undefined : false }))
    }
  })

  test('shows a part that is wrong, though it is not there', async () => {
    await form({ ...clock(), faults: [{ path: 'restart', code: 'required', message: 'Needed here' }] })
    expect(screen.getByRole('group', { name: 'Restart' })).toBeDefined()
  })

  test('never shows its permanent id', async () => {
    await form(clock({ id: 'crm.clock.claim' }))
    expect(screen.queryByDisplayValue('crm.clock.claim')).toBeNull()
  })
})

describe('a label', () => {
  test('is written in each language, and a blank one is none', async () => {
    await form(clock())
    type('Label (Chinese)', 'Lingqu')
    expect(now.label).toEqual({ en: 'Claim', 'zh-CN': 'Lingqu' })
    type('Label (English)', '')
    expect(now.label).toEqual({ 'zh-CN': 'Lingqu' })
    expect(screen.getByLabelText('Label (Chinese)').getAttribute('lang')).toBe('zh-CN')
  })
})

describe('a length of time', () => {
  test('keeps its unit and what it counts in while its number changes', async () => {
    await form(clock())
    type('Target', '45')
    expect(now.target).toEqual({ minutes: 45, calendar: 'working' })
    type('Unit of Target', 'days')
    expect(now.target).toEqual({ days: 45, calendar: 'working' })
    type('Counted in', 'calendar')
    expect(now.target).toEqual({ days: 45, calendar: 'calendar' })
  })

  test.each([
    ['-5', 0],
    ['2.9', 2],
    ['', 0],
    ['1e3', 1000],
  ])('a number typed as %j is %i', async (text, minutes) => {
    await form(clock())
    type('Target', text)
    expect(now.target).toMatchObject({ minutes })
  })

  test('may be what a day of the record says', async () => {
    await form(clock())
    await settled('Unit of Target', 3)
    type('Unit of Target', 'field')
    expect(now.target).toEqual({ field: '' })
    await settled('as a field says', 1)
    expect(choices('as a field says')).toEqual(['(none)', 'Visit on'])
    type('as a field says', 'visit_on')
    expect(now.target).toEqual({ field: 'visit_on' })
  })

  test('of mixed units is told in the smaller, and nothing of it is lost', async () => {
    await form(clock({ target: { hours: 1, minutes: 30, calendar: 'working' } }))
    expect(screen.getByLabelText<HTMLInputElement>('Target').value).toBe('90')
  })
})

describe('what happens', () => {
  test('is chosen from what the program knows, and from the fields of the object', async () => {
    const { user } = await form(clock())
    await settled('Add to Events', 15)
    expect(choices('Add to Events')).toContain('“Region” changed')
    expect(choices('Add to Events')).not.toContain('Assigned')
    type('Add to Events', 'changed:region')
    expect(now.start).toEqual({ on: ['assigned', 'changed:region'] })
    await user.click(screen.getByRole('button', { name: 'Remove “Assigned”' }))
    expect(now.start).toEqual({ on: ['changed:region'] })
  })

  test('changes its place by Alt and an arrow, and keeps the keyboard', async () => {
    const { user } = await form(clock({ start: { on: ['assigned', 'claimed', 'closed'] } }))
    screen.getByRole('button', { name: 'Remove “Claimed”' }).focus()
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}')
    expect(now.start).toEqual({ on: ['claimed', 'assigned', 'closed'] })
    await user.keyboard('{ArrowLeft}')
    expect(now.start).toEqual({ on: ['claimed', 'assigned', 'closed'] })
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove “Claimed”' })))
  })

  test('goes by the keyboard, which stays among the others, and at last where one is added', async () => {
    const { user } = await form(clock({ start: { on: ['assigned', 'claimed'] } }))
    screen.getByRole('button', { name: 'Remove “Assigned”' }).focus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove “Claimed”' })))
    await user.keyboard('{Enter}')
    expect(now.start).toEqual({ on: [] })
    expect(document.activeElement).toBe(screen.getByLabelText('Add to Events'))
  })
})

describe('an order', () => {
  const view = (more: Body): Given => ({ kind: 'view', body: { label: {}, object: 'lead', columns: ['company'], ...more } })

  test('is told in the words of its fields, turned, added to and taken away', async () => {
    const { user } = await form(view({ sort: '-created_at' }))
    await settled('Add to Sort', 8)
    expect(screen.getByText('Created at', { selector: 'span' })).toBeDefined()
    expect(choices('Add to Sort')).not.toContain('Created at')
    // A list of words gives no order.
    expect(choices('Add to Sort')).not.toContain('Tags')
    await user.click(screen.getByRole('button', { name: 'Created at: from high to low' }))
    expect(now.sort).toBe('created_at')
    type('Add to Sort', 'region')
    expect(now.sort).toBe('created_at,region')
    await user.click(screen.getByRole('button', { name: 'Remove “Created at”' }))
    expect(now.sort).toBe('region')
    expect(document.activeElement).toBe(screen.getByLabelText('Add to Sort'))
    await user.click(screen.getByRole('button', { name: 'Remove “Region”' }))
    expect('sort' in now).toBe(false)
  })

  test('of groups takes dates by a step', async () => {
    await form(view({ group: 'status' }))
    await settled('Add to Group by', 8)
    type('Add to Group by', 'visit_on')
    expect(now.group).toBe('status,visit_on:month')
    type('Step of “Visit on”', 'week')
    expect(now.group).toBe('status,visit_on:week')
  })
})

describe('a text that the program knows some of', () => {
  const card = (dimension: string): Given => ({ kind: 'scorecard', body: { label: {}, object: 'lead', rules: [{ label: { en: 'First' }, dimension, when: '', points: 5 }] } })

  test('is shown and typed by what it is called, and may be another', async () => {
    const { user } = await form(card('behaviour'))
    await user.click(screen.getByRole('button', { name: /^1 ?First/ }))
    const input = screen.getByLabelText<HTMLInputElement>('Dimension')
    expect(input.value).toBe('Behaviour')
    type('Dimension', 'Company')
    expect(now.rules).toMatchObject([{ dimension: 'organisation' }])
    type('Dimension', 'Taste')
    expect(now.rules).toMatchObject([{ dimension: 'Taste' }])
    expect(input.value).toBe('Taste')
  })
})

describe('one of several', () => {
  const table = (more: Body = {}): Given => ({ kind: 'routing-table', body: { label: { en: 'Lead' }, object: 'lead', rows: [], fallback: { role: 'manager' }, ...more } })

  test('is chosen first as to what, then as to which; the old one does not stay beside it', async () => {
    await form(table())
    await settled('Role', 1)
    type('Kind of Fallback', 'user')
    expect(now.fallback).toEqual({ user: '' })
    await settled('User', 1)
    expect(choices('User')).toEqual(['(none)', 'Lin', 'Chen'])
    type('User', 'chen@example.com')
    expect(now.fallback).toEqual({ user: 'chen@example.com' })
  })

  test('that is gone stays to be seen until another is chosen', async () => {
    await form(table({ fallback: { role: 'director' } }))
    await settled('Role', 2)
    expect(screen.getByLabelText<HTMLSelectElement>('Role').value).toBe('director')
    expect(choices('Role')).toEqual(['(none)', 'director', 'Sales', 'Manager'])
  })
})

describe('a fault', () => {
  test('stands at its place, with line, column and the caret below', async () => {
    const faults: Fault[] = [{ path: 'rows[0].when', code: 'syntax', message: 'unknown name\nfax = 1\n^', line: 1, column: 1 }]
    await form({ kind: 'routing-table', body: { label: {}, object: 'lead', rows: [{ label: { en: 'Fax' }, when: 'fax = 1', then: { pool: 'east' } }], fallback: { role: 'manager' } }, faults })
    fireEvent.click(screen.getByRole('button', { name: /^1 ?Fax/ }))
    const wrong = await screen.findByLabelText('When')
    expect(wrong.getAttribute('aria-invalid')).toBe('true')
    const told = document.getElementById(wrong.getAttribute('aria-describedby') ?? '')
    expect(told?.textContent).toBe('Line 1, column 1: unknown namefax = 1\n^')
    expect(told?.querySelector('pre')?.textContent).toBe('fax = 1\n^')
  })

  test.each<[string, string, Body, string]>([
    ['a list of words', 'view', { label: {}, object: 'lead', columns: ['fax'] }, 'columns.0'],
    ['a list of rows', 'routing-table', { label: {}, object: 'lead', rows: [] }, 'rows'],
    ['one of several', 'routing-table', { label: {}, object: 'lead', rows: [], fallback: { role: '' } }, 'fallback'],
    ['a length of time', 'clock', { ...clock().body, target: { minutes: 0 } }, 'target.minutes'],
    ['the hours of a day', 'calendar', { label: {}, zone: 'UTC', week: { mon: [['9:00', '12:00']] } }, 'week.mon.0.0'],
    ['a day by itself', 'calendar', { label: {}, zone: 'UTC', week: {}, days: { '2026-13-44': 'off' } }, 'days.2026-13-44'],
    ['a width by its column', 'view', { label: {}, object: 'lead', columns: [], widths: { fax: 3 } }, 'widths.fax'],
  ])('of %s stands beside it', async (_, kind, body, path) => {
    await form({ kind, body, faults: [{ path, code: 'invalid', message: 'Wrong here' }] })
    expect((await screen.findAllByText('Wrong here')).length).toBe(1)
    const place = path.split('.')[0]
    expect(screen.getByText('Wrong here').closest(`[data-property=${place}]`)).not.toBeNull()
  })

  test('of another place is not told here', async () => {
    await form({ ...clock(), faults: [{ path: 'breach[0].label', code: 'x', message: 'Elsewhere' }] })
    expect(screen.queryByText('Elsewhere')).toBeNull()
  })
})

describe('a condition', () => {
  const table = (when: string): Given => ({ kind: 'routing-table', body: { label: {}, object: 'lead', rows: [{ label: { en: 'First' }, when, then: { pool: 'east' } }], fallback: { role: 'manager' } } })
  const open = async (when: string) => {
    const scene = await form(table(when))
    await scene.user.click(screen.getByRole('button', { name: /^1 ?First/ }))
    await screen.findByLabelText('When')
    return scene
  }
  const whenOf = () => (now.rows as Body[])[0].when

  test('takes a field from the list where the cursor stands, with a space where one is needed', async () => {
    const { user } = await open('vip AND')
    await user.click(screen.getByLabelText('When'))
    const area = screen.getByLabelText<HTMLTextAreaElement>('When')
    area.setSelectionRange(7, 7)
    await settled('Insert a field or condition…', 5)
    type('Insert a field or condition…', 'Region')
    expect(whenOf()).toBe('vip AND Region')
  })

  test('that is emptied is none', async () => {
    await open('vip')
    type('When', '')
    expect((now.rows as Body[])[0]).not.toHaveProperty('when')
  })
})
