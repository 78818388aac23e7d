import { describe, expect, test } from 'vitest'
import { askedBy, cardOf, daysSince, moved, takenBack } from './move'

const page = (...ids: string[]) => ({ items: ids.map((id) => ({ id, created_at: '', updated_at: '' })) })
const ids = (pages: ReturnType<typeof page>[]) => pages.map(({ items }) => items.map(({ id }) => id))

describe('moved', () => {
  test('the card leaves its page and comes to lie on top of the other column', () => {
    const after = moved([page('a', 'b'), page('c')], [page('x')], 'c')
    expect([ids(after.from), ids(after.to)]).toEqual([[['a', 'b'], []], [['c', 'x']]])
  })
  test('a card that is not there changes nothing', () => {
    const from = [page('a')]
    expect(moved(from, [page('x')], 'z').from).toBe(from)
  })
})

test('a choice asks for the reasons that name it and may be written', () => {
  const field = (name: string, when?: { field: string; choices: string[] }, fixed = false) => ({ name, label: name, type: 'choice', required: false, read_only: fixed, required_when: when })
  const fields = [field('lost', { field: 'stage', choices: ['gone'] }), field('fixed', { field: 'stage', choices: ['gone'] }, true), field('other', { field: 'status', choices: ['gone'] }), field('plain')]
  expect(askedBy(fields, 'stage', 'gone').map(({ name }) => name)).toEqual(['lost'])
  expect(askedBy(fields, 'stage', 'here')).toEqual([])
})

describe('takenBack', () => {
  const reason = { name: 'lost', label: 'lost', type: 'choice', required: false, read_only: false, required_when: { field: 'stage', choices: ['gone'] } }
  test('what was moved goes back', () => {
    expect(takenBack({ id: 'a', from: 'here', to: 'gone', fields: { lost: 'price' } }, [reason], 'stage', { lost: null })).toEqual({ id: 'a', from: 'gone', to: 'here' })
  })
  test('and takes the reason along that the choice will ask for again', () => {
    expect(takenBack({ id: 'a', from: 'gone', to: 'here' }, [reason], 'stage', { lost: 'price' })).toEqual({ id: 'a', from: 'here', to: 'gone', fields: { lost: 'price' } })
  })
  test('without the card nothing is made up', () => {
    expect(takenBack({ id: 'a', from: 'gone', to: 'here' }, [reason], 'stage', undefined)).toEqual({ id: 'a', from: 'here', to: 'gone' })
  })
})

test('a card is found on whichever page it lies', () => {
  expect(cardOf([page('a'), page('b', 'c')], 'c')?.id).toBe('c')
  expect(cardOf([page('a')], 'z')).toBeUndefined()
})

test.each([
  ['2026-01-01T00:00:00Z', 2],
  ['2026-01-03T12:00:00Z', 0],
  [null, undefined],
])('days since %s', (instant, days) => {
  expect(daysSince(instant, Date.parse('2026-01-03T06:00:00Z'))).toBe(days)
})
