import { describe, expect, test } from 'vitest'
import { grouped, isName, nameFrom, search } from './groups'
import type { Kind } from './types'

const one = (name: string, zh: string, en: string, more = {}) => ({ name, id: name, label: zh, labels: { 'zh-CN': zh, en }, version: 1, ...more })
const kinds: Kind[] = [
  { kind: 'object', label: '对象', items: [one('lead', '线索', 'Lead', { items: ['来源', '预算'] })] },
  { kind: 'routing-table', label: '派单表', items: [one('lead', '线索派单', 'Lead routing', { object: 'lead' }), one('ticket', '工单派单', 'Ticket routing', { object: 'ticket' })] },
  { kind: 'clock', label: '时钟', items: [one('claim', '领取时限', 'Claim window', { object: 'lead' })] },
  { kind: 'play', label: '战术', items: [] },
]

test('kinds stand in their groups, unknown ones last', () => {
  expect(grouped(kinds).map(({ name, kinds: inside }) => [name, inside.map(({ kind }) => kind)])).toEqual([
    ['data', ['object']],
    ['rules', ['routing-table', 'clock']],
    ['more', ['play']],
  ])
})

describe('search', () => {
  const found = (text: string) => search(kinds, text).map(({ kind, name }) => `${kind}/${name}`)
  test.each([
    ['线索派单', ['routing-table/lead']],
    ['派单', ['routing-table/lead', 'routing-table/ticket']],
    ['lead routing', ['routing-table/lead']],
    ['派单表 lead', ['routing-table/lead']],
    ['预算', ['object/lead']],
    ['claim', ['clock/claim']],
    ['火星', []],
    ['  ', []],
  ])('%s', (text, wanted) => {
    expect(found(text)).toEqual(wanted)
  })

  test('whose own name it is comes first', () => {
    expect(found('lead')[0]).toBe('object/lead')
  })
})

test.each([
  ['Hot leads', 'view', [], 'hot_leads'],
  ['热门', 'view', [], 'view_2'],
  ['热门', 'routing-table', ['routing_table_2'], 'routing_table_3'],
  ['East', 'pool', ['east'], 'east_2'],
  ['3 stars', 'view', [], 'stars'],
])('the name of “%s”', (label, kind, taken, wanted) => {
  expect(nameFrom(label, kind, taken)).toBe(wanted)
  expect(isName(wanted)).toBe(true)
})

test.each(['', 'Lead', '1lead', 'a b', '线索'])('%j is no name', (text) => {
  expect(isName(text)).toBe(false)
})
