import { expect, test } from 'vitest'
import { inputText } from '@/format/civil-time'
import { quickPicks } from './due'

const zone = 'Asia/Shanghai'

test('quick picks on a Tuesday morning', () => {
  const picks = quickPicks(new Date('2026-11-24T02:00:00Z'), zone, 3)
  expect(picks.map(({ name, due }) => [name, inputText(due, zone)])).toEqual([
    ['today', '2026-11-24T18:00'],
    ['tomorrow', '2026-11-25T10:00'],
    ['days', '2026-11-27T18:00'],
  ])
})

test('after 18:00 today is no longer offered, and weekends do not count', () => {
  const picks = quickPicks(new Date('2026-11-26T10:30:00Z'), zone, 3)
  expect(picks.map(({ name, due }) => [name, inputText(due, zone)])).toEqual([
    ['tomorrow', '2026-11-27T10:00'],
    ['days', '2026-12-01T18:00'],
  ])
})
