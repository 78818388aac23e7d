import { expect, test } from 'vitest'
import { share, stacksOf, stepFor } from './day-stacks'

test('stacks keep the order of the channels and the days between', () => {
  const stacks = stacksOf(
    [
      { day: '2026-11-03', channel: 'b', leads: 2, filter: '' },
      { day: '2026-11-01', channel: 'b', leads: 1, filter: '' },
      { day: '2026-11-01', channel: 'a', leads: 3, filter: '' },
    ],
    ['a', 'b'],
  )
  expect(stacks.map(({ day, total }) => [day, total])).toEqual([
    ['2026-11-01', 4],
    ['2026-11-02', 0],
    ['2026-11-03', 2],
  ])
  expect(stacks[0].parts.map(({ channel, below }) => [channel, below])).toEqual([
    ['a', 0],
    ['b', 3],
  ])
})

test.each([
  [0, 1],
  [3, 1],
  [17, 5],
  [40, 10],
  [430, 200],
])('the scale for %i steps by %i', (max, step) => {
  expect(stepFor(max)).toBe(step)
})

test('a share of nothing is nothing', () => {
  expect(share(0, 0)).toBeNull()
  expect(share(1, 3)).toBe(33)
})
