import { expect, test } from 'vitest'
import { promiseStacks } from './promise-stacks'

test('a day is split into kept, late and what answered no promise', () => {
  const [day] = promiseStacks([{ day: '2026-11-20', done: 9, kept: 4, late: 2, filter: 'f' }])
  expect(day).toEqual({
    day: '2026-11-20',
    total: 9,
    parts: [
      { channel: 'kept', leads: 4, filter: 'f', below: 0 },
      { channel: 'late', leads: 2, filter: 'f', below: 4 },
      { channel: 'free', leads: 3, filter: 'f', below: 6 },
    ],
  })
})

test('days without a follow-up stay as gaps', () => {
  const stacks = promiseStacks([
    { day: '2026-11-20', done: 1, kept: 1, late: 0, filter: '' },
    { day: '2026-11-23', done: 1, kept: 0, late: 1, filter: '' },
  ])
  expect(stacks.map(({ day, total }) => [day, total])).toEqual([
    ['2026-11-20', 1],
    ['2026-11-21', 0],
    ['2026-11-22', 0],
    ['2026-11-23', 1],
  ])
})

test('nothing gives nothing', () => expect(promiseStacks([])).toEqual([]))
