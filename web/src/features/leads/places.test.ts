import { describe, expect, test } from 'vitest'
import { evenPlaces, unevenPlaces } from './places'

describe('places of lines', () => {
  test('of one height', () => {
    const places = evenPlaces(40)
    expect(places.top(3)).toBe(120)
    expect([0, 39, 40, 81].map(places.at)).toEqual([0, 0, 1, 2])
  })

  test('of several heights', () => {
    const places = unevenPlaces([60, 112, 60])
    expect([0, 1, 2, 3].map(places.top)).toEqual([0, 60, 172, 232])
    expect([0, 59, 60, 171, 172, 231].map(places.at)).toEqual([0, 0, 1, 1, 2, 2])
  })

  test('go on below the last line', () => {
    const places = unevenPlaces([60, 112])
    expect(places.top(4)).toBe(172 + 2 * 112)
    expect(places.at(172)).toBe(2)
    expect(places.at(172 + 112)).toBe(3)
  })

  test('of no line', () => {
    const places = unevenPlaces([])
    expect(places.top(0)).toBe(0)
    expect(places.at(0)).toBe(0)
  })

  test('each line is found at its own top, whatever the heights', () => {
    for (let seed = 1; seed < 50; seed++) {
      const heights = Array.from({ length: (seed * 7) % 23 }, (_, n) => 20 + ((n * 31 + seed * 17) % 90))
      const places = unevenPlaces(heights)
      heights.forEach((height, index) => {
        expect(places.at(places.top(index))).toBe(index)
        expect(places.at(places.top(index) + height - 1)).toBe(index)
        expect(places.top(index + 1) - places.top(index)).toBe(height)
      })
    }
  })
})
