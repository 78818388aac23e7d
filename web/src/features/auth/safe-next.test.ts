import { expect, test } from 'vitest'
import { safeNext } from './safe-next'

test.each([
  [undefined, '/home'],
  ['', '/home'],
  ['/leads?filter=a%3D1', '/leads?filter=a%3D1'],
  ['//evil.example', '/home'],
  ['/\\evil.example', '/home'],
  ['https://evil.example', '/home'],
  ['/login?next=/login', '/home'],
])('%s leads to %s', (next, to) => {
  expect(safeNext(next)).toBe(to)
})
