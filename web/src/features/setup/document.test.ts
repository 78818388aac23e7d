import { describe, expect, test } from 'vitest'
import { copyOf, faultsAt, faultsIn, moved, nameOf, same, sentenceOf, summaryOf, valueAt, withValue } from './document'
import type { Shape } from './shape'

const table = { name: 'lead', rows: [{ id: 'a', when: 'x=1', then: { pool: 'east' } }, { id: 'b', then: { pool: 'south' } }] }

describe('a place of a document', () => {
  test('is read', () => {
    expect(valueAt(table, ['rows', 1, 'then', 'pool'])).toBe('south')
    expect(valueAt(table, ['rows', 7, 'then'])).toBeUndefined()
    expect(valueAt(table, [])).toBe(table)
  })

  test('is changed without touching the rest', () => {
    const next = withValue(table, ['rows', 0, 'then', 'pool'], 'north')
    expect(valueAt(next, ['rows', 0, 'then', 'pool'])).toBe('north')
    expect(next.rows[1]).toBe(table.rows[1])
    expect(table.rows[0].then.pool).toBe('east')
  })

  test('is made with what leads to it', () => {
    expect(withValue({}, ['start', 'when'], 'x')).toEqual({ start: { when: 'x' } })
  })

  test('loses its key with undefined', () => {
    expect(withValue(table, ['rows', 0, 'when'], undefined).rows[0]).toEqual({ id: 'a', then: { pool: 'east' } })
  })
})

test.each([
  [0, 2, ['b', 'c', 'a']],
  [2, 0, ['c', 'a', 'b']],
  [1, 1, ['a', 'b', 'c']],
  [0, 3, ['a', 'b', 'c']],
  [0, -1, ['a', 'b', 'c']],
])('an item moves from %i to %i', (from, to, wanted) => {
  expect(moved(['a', 'b', 'c'], from, to)).toEqual(wanted)
})

test('a copy has no ids, at no depth', () => {
  expect(copyOf({ id: 'x', choices: [{ id: 'y', name: 'n' }], label: { en: 'L' } })).toEqual({ choices: [{ name: 'n' }], label: { en: 'L' } })
})

describe('faults', () => {
  const faults = ['rows.1.when', 'rows[1].then.pool', 'fallback'].map((path) => ({ path, code: 'x', message: path }))

  test('belong to their place', () => {
    expect(faultsAt(faults, ['rows', 1, 'when'])).toHaveLength(1)
    expect(faultsAt(faults, ['rows', 1])).toHaveLength(0)
  })

  test('are counted for what holds them, in either spelling', () => {
    expect(faultsIn(faults, ['rows', 1])).toHaveLength(2)
    expect(faultsIn(faults, ['rows', 10])).toHaveLength(0)
    expect(faultsIn(faults, [])).toHaveLength(3)
  })

  test('show the caret apart', () => {
    expect(sentenceOf('unknown name\nx=火星\n  ^')).toEqual({ sentence: 'unknown name', caret: 'x=火星\n  ^' })
    expect(sentenceOf('required')).toEqual({ sentence: 'required', caret: '' })
  })
})

test.each([
  [{ label: { 'zh-CN': '华东', en: 'East' }, name: 'east' }, '华东'],
  [{ label: {}, name: 'east' }, 'east'],
  [{ field: 'phone' }, 'phone'],
  [{ when: 'x' }, ''],
  ['text', 'text'],
])('%j is called %s', (item, wanted) => {
  expect(nameOf(item, 'zh-CN')).toBe(wanted)
})

test('a row says its condition and where it leads', () => {
  const text = (pick?: string): Shape => ({ title: {}, kind: 'text', long: false, pick: pick ? { kind: pick, free: false, system: false } : undefined })
  const shape: Shape = {
    title: {},
    kind: 'object',
    exactlyOne: false,
    properties: [
      { name: 'label', required: false, shape: { title: {}, kind: 'label', long: false } },
      { name: 'when', required: false, shape: { title: {}, kind: 'expression' } },
      { name: 'points', required: false, shape: { title: { en: 'Points' }, kind: 'number' } },
      { name: 'then', required: true, shape: { title: {}, kind: 'object', exactlyOne: false, properties: [{ name: 'pool', required: false, shape: text('pool') }] } },
      { name: 'tell', required: false, shape: { title: {}, kind: 'list', item: text('role') } },
    ],
  }
  const item = { label: { en: 'East' }, when: 'x=1', points: 5, then: { pool: 'east' }, tell: ['a', 'b', 'c', 'd', 'e'] }
  expect(summaryOf(item, shape, ['rows', 0], 'en', (pick, name) => `${pick.kind}:${name}`)).toEqual(['expression:x=1', 'Points 5', 'pool:east', 'role:a, role:b, role:c, role:d…'])
})

test('what a row is called is not said twice', () => {
  const field: Shape = { title: {}, kind: 'text', long: false, pick: { kind: 'field', free: false, system: false } }
  const shape: Shape = { title: {}, kind: 'object', exactlyOne: false, properties: [{ name: 'field', required: true, shape: field }, { name: 'required', required: false, shape: { title: { en: 'Required' }, kind: 'boolean' } }] }
  expect(summaryOf({ field: 'phone', required: true }, shape, [], 'en', (_, name) => name)).toEqual(['Required'])
  expect(summaryOf({ label: { en: 'X' }, field: 'phone' }, shape, [], 'en', (_, name) => name)).toEqual(['phone'])
})

test.each([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: 1 }, { a: 1, b: 0 }, false],
])('%j and %j: %s', (a, b, wanted) => {
  expect(same(a, b)).toBe(wanted)
})
