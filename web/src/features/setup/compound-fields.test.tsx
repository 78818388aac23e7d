// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useLayoutEffect, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { leadDocument, setupRoutes } from '@/testing/setup-company'
import { show } from '@/testing/show'
import { HoursField, ScopeField, ValuesField } from './compound-fields'
import { valueAt, withValue, type Body, type Path } from './document'
import { EditorProvider } from './editor-context'
import type { Shape } from './shape'

type Kind = 'hours' | 'scope' | 'values'

const places: Record<Kind, Path> = { hours: ['week', 'monday'], scope: ['objects', 'lead', 'scope'], values: ['then', 'add'] }
const shapes = (many: boolean) =>
  ({
    hours: { kind: 'hours', title: {} },
    scope: { kind: 'scope', title: {}, titles: { own: { en: 'Their own' }, team: { en: 'Of the team' }, all: { en: 'All' } } },
    values: { kind: 'values', title: {}, many },
  }) as unknown as Record<Kind, Shape>

let now: unknown

function Field({ kind, first, many }: { kind: Kind; first: unknown; many: boolean }) {
  const path = places[kind]
  const [body, setBody] = useState<Body>(() => withValue({ ...leadDocument } as Body, path, first))
  const value = valueAt(body, path)
  useLayoutEffect(() => {
    now = value
  })
  const props = { shape: shapes(many)[kind] as never, value, path, label: 'Part' }
  return (
    <EditorProvider value={{ language: 'en', kind: 'object', name: 'lead', body, faults: [], change: (at, value) => setBody((old) => withValue(old, at, value)), call: (_, name) => name }}>
      {kind === 'hours' && <HoursField {...props} />}
      {kind === 'scope' && <ScopeField {...props} />}
      {kind === 'values' && <ValuesField {...props} />}
    </EditorProvider>
  )
}

const part = async (kind: Kind, first: unknown, many = false) => {
  const scene = await show(<Field kind={kind} first={first} many={many} />, { routes: setupRoutes })
  await screen.findAllByRole(kind === 'hours' ? 'button' : 'combobox')
  return scene
}
const type = (name: string, text: string) => fireEvent.change(screen.getByLabelText(name), { target: { value: text } })
const adder = () => screen.getAllByRole('combobox').at(-1) as HTMLSelectElement
const offered = () => within(adder()).getAllByRole('option').map((one) => one.textContent).slice(1)
const choose = (name: string) => fireEvent.change(adder(), { target: { value: name } })
const remove = (item: string) => fireEvent.click(screen.getByRole('button', { name: `Remove “${item}”` }))

describe('the hours of a day', () => {
  const day = [['09:00', '12:00'], ['13:30', '18:00']]
  const times = () => screen.queryAllByRole<HTMLInputElement>('textbox').map(({ value }) => value)
  const add = () => fireEvent.click(screen.getAllByRole('button').at(-1) as HTMLElement)

  test('begin with a morning, go on with an afternoon', async () => {
    await part('hours', undefined)
    expect(times()).toEqual([])
    add()
    expect(now).toEqual([['09:00', '12:00']])
    add()
    expect(now).toEqual(day)
  })

  test('are typed each for itself, and change no other', async () => {
    await part('hours', day)
    expect(times()).toEqual(['09:00', '12:00', '13:30', '18:00'])
    fireEvent.change(screen.getAllByRole('textbox')[2], { target: { value: '14:00' } })
    expect(now).toEqual([['09:00', '12:00'], ['14:00', '18:00']])
  })

  test('go one by one, down to a day off', async () => {
    await part('hours', day)
    remove('09:00–12:00')
    expect(now).toEqual([['13:30', '18:00']])
    remove('13:30–18:00')
    expect(now).toEqual([])
  })

  test('each say of which day they are, and where they begin and end', async () => {
    await part('hours', [['09:00', '12:00']])
    const names = screen.getAllByRole('textbox').map((one) => one.getAttribute('aria-label'))
    expect(new Set(names).size).toBe(2)
    expect(names.every((name) => name?.includes('Part'))).toBe(true)
  })

  test('may last until midnight and no longer', async () => {
    await part('hours', [['20:00', '24:00']])
    const [, until] = screen.getAllByRole<HTMLInputElement>('textbox')
    expect(until.checkValidity()).toBe(true)
    for (const wrong of ['24:30', '24:30x', '9:00', '25:00', '12:60', 'noon']) {
      fireEvent.change(until, { target: { value: wrong } })
      expect(until.checkValidity(), wrong).toBe(false)
    }
  })
})

describe('which records a right reaches', () => {
  test('one word stands alone, several are a list', async () => {
    await part('scope', undefined)
    expect(offered()).toEqual(['Their own', 'Of the team', 'All', expect.any(String)])
    choose('own')
    expect(now).toBe('own')
    choose('team')
    expect(now).toEqual(['own', 'team'])
    // What is there already is not offered again.
    expect(offered()).toEqual(['All', expect.any(String)])
  })

  test('the last that goes leaves none at all', async () => {
    await part('scope', ['own', 'team'])
    remove('own')
    expect(now).toBe('team')
    remove('team')
    expect(now).toBeUndefined()
  })

  test('a word is changed in its place', async () => {
    await part('scope', ['own', 'team'])
    fireEvent.change(screen.getAllByRole('combobox', { name: 'Part' })[0], { target: { value: 'all' } })
    expect(now).toEqual(['all', 'team'])
  })

  test('what is no word is a condition, and is written as one', async () => {
    await part('scope', 'region = huadong')
    const area = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Part' })
    expect(area.value).toBe('region = huadong')
    fireEvent.change(area, { target: { value: 'region = huanan' } })
    expect(now).toBe('region = huanan')
  })

  test('a condition is added beside a word, and both count', async () => {
    await part('scope', 'own')
    choose('#')
    const area = await screen.findByRole('textbox', { name: 'Part' })
    fireEvent.change(area, { target: { value: 'vip' } })
    expect(now).toEqual(['own', 'vip'])
  })
})

describe('values by field', () => {
  const ready = (count: number) => waitFor(() => expect(offered().length).toBeGreaterThanOrEqual(count))

  test('are offered for each field that has none yet', async () => {
    await part('values', { region: 'huadong' })
    await ready(6)
    expect(offered()).toEqual(['Company', 'Status', 'Phone', 'Visit on', 'Tags', 'Key account'])
    expect(screen.getByLabelText<HTMLSelectElement>('Region').value).toBe('huadong')
  })

  test('of a choice are chosen', async () => {
    await part('values', { region: 'huadong' })
    await ready(6)
    type('Region', 'huanan')
    expect(now).toEqual({ region: 'huanan' })
  })

  test.each<[string, string, string, unknown]>([
    ['a text stays a text, whatever it looks like', 'company', '12', '12'],
    ['yes is said in several words', 'vip', 'yes', true],
    ['one is yes too', 'vip', '1', true],
    ['anything else is no', 'vip', 'never', false],
  ])('%s', async (_, field, text, value) => {
    await part('values', { [field]: '' })
    await ready(5)
    const input = screen.getByRole('textbox')
    fireEvent.change(input, { target: { value: text } })
    expect(now).toEqual({ [field]: '' })
    fireEvent.blur(input)
    expect(now).toEqual({ [field]: value })
  })

  test('that were not changed are not written anew when one leaves', async () => {
    await part('values', { vip: true })
    await ready(5)
    fireEvent.blur(screen.getByRole('textbox'))
    expect(now).toEqual({ vip: true })
  })

  test('several are for lists alone, typed with commas of either script', async () => {
    await part('values', { tags: ['hot'] }, true)
    await waitFor(() => expect(screen.getByLabelText('Tags')).toBeDefined())
    expect(offered()).toEqual([])
    const input = screen.getByRole('textbox')
    fireEvent.change(input, { target: { value: 'hot, vip，new、 ' } })
    fireEvent.blur(input)
    expect(now).toEqual({ tags: ['hot', 'vip', 'new'] })
  })

  test('of a field that is gone still stand, by its name, and can be taken away', async () => {
    await part('values', { fax: '1', region: 'huanan' })
    await ready(6)
    expect(screen.getByLabelText<HTMLInputElement>('fax').value).toBe('1')
    remove('fax')
    expect(now).toEqual({ region: 'huanan' })
  })
})
