import { expect, test } from 'vitest'
import { dialOf, mayClaim } from './record-state'
import type { Clock, FlatRecord } from './types'

const record = (more: Record<string, unknown>): FlatRecord => ({ id: '1', created_at: '', updated_at: '', ...more })
const clock = (name: string, state: Clock['state']): Clock => ({ id: name, name, label: name, state, started_at: '', due_at: '' })

test.each([
  ['nobody’s', record({ owner: null }), [], true],
  ['mine, to be claimed', record({ owner: { id: 'me' } }), [clock('claim', 'running')], true],
  ['mine, claimed too late is still to be claimed', record({ owner: { id: 'me' } }), [clock('claim', 'fired')], true],
  ['mine, claimed', record({ owner: { id: 'me' } }), [clock('claim', 'satisfied'), clock('follow-up', 'running')], false],
  ['somebody else’s', record({ owner: { id: 'you' } }), [clock('claim', 'running')], false],
  ['an object without owner', record({}), [], false],
])('%s', (_, one, clocks, may) => {
  expect(mayClaim(one, clocks, 'me')).toBe(may)
})

test('the demo dials nobody', () => {
  expect(dialOf(record({ phone: '+8613800001234' }), true)).toBeNull()
  expect(dialOf(record({ phone: '+8613800001234' }), false)).toBe('+8613800001234')
  expect(dialOf(record({ phone: null }), false)).toBeUndefined()
})
