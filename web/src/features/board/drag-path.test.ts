import { describe, expect, test } from 'vitest'
import { beganAt, edgePush } from './drag-path'

test.each([
  [3, 4, false],
  [6, 0, false],
  [0, 7, true],
  [-20, 1, true],
])('a pointer that moved by %i, %i carries: %s', (x, y, carries) => {
  expect(beganAt({ x: 100, y: 100 }, { x: 100 + x, y: 100 + y })).toBe(carries)
})

describe('edgePush', () => {
  const strip = { left: 200, right: 1000 }
  test('stands still in the middle', () => {
    expect(edgePush(600, strip)).toBe(0)
    expect(edgePush(248, strip)).toBe(0)
    expect(edgePush(952, strip)).toBe(0)
  })
  test('goes faster the nearer the edge, and never faster than that', () => {
    expect([edgePush(224, strip), edgePush(200, strip), edgePush(0, strip)]).toEqual([-8, -16, -16])
    expect([edgePush(976, strip), edgePush(1000, strip), edgePush(5000, strip)]).toEqual([8, 16, 16])
  })
})
