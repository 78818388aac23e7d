import { Plus } from 'lucide-react'
import { expect, test } from 'vitest'
import { partsOf } from './palette-lines'

const kept = (id: string) => ({ object: 'lead', id, label: id })
const command = (id: string, label: string) => ({ id, label, icon: Plus })
const hit = { object: 'lead', id: 'h', title: { text: '恒力', spans: [] }, details: [] }
const sources = { typed: '', groups: [], pins: [kept('a')], recent: [kept('b'), kept('a')], commands: [command('new', '新建线索'), command('me', '我的账号')] }

const shape = (typed: string, groups = sources.groups as Parameters<typeof partsOf>[0]['groups']) => partsOf({ ...sources, typed, groups }).map(({ id, lines }) => `${id}: ${lines.map((line) => line.id).join(' ')}`)

test('before typing: what is pinned, what was opened and is not pinned, commands', () => {
  expect(shape(' ')).toEqual(['pinned: a', 'recent: b', 'commands: command-new command-me'])
})

test('after typing: hits by object, the way to all of them, matching commands', () => {
  const groups = [{ object: 'lead', label: '线索', items: [hit], next_cursor: null }]
  expect(shape('恒', groups)).toEqual(['lead: h', 'all: all'])
  expect(shape('新建', groups)).toEqual(['lead: h', 'all: all', 'commands: command-new'])
})

test('nothing found leaves nothing', () => {
  expect(shape('zzz')).toEqual([])
})
