import { describe, expect, test } from 'vitest'
import { askedBy, daysSince, moved } from './move'

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

test.each([
  ['2026-01-01T00:00:00Z', 2],
  ['2026-01-03T12:00:00Z', 0],
  [null, undefined],
])('days since %s', (instant, days) => {
  expect(daysSince(instant, Date.parse('2026-01-03T06:00:00Z'))).toBe(days)
})
