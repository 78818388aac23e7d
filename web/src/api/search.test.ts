import { expect, test } from 'vitest'
import { withPin } from './search'

const a = { object: 'lead', id: 'a', label: '恒力' }
const b = { object: 'company', id: 'b', label: '博锐' }

test('a pin comes last, stays where it is, and goes', () => {
  expect(withPin([a], b, true)).toEqual([a, b])
  expect(withPin([a, b], { ...a, label: '改名' }, true)).toEqual([a, b])
  expect(withPin([a, b], a, false)).toEqual([b])
  expect(withPin([], a, false)).toEqual([])
})
