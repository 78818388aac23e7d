import { expect, test } from 'vitest'
import { keys } from '@/api/keys'
import { touchedBy } from './use-live'

const touched = touchedBy([{ object: 'lead', id: '7' }])

test.each([
  ['the record', keys.record('lead', '7'), true],
  ['its thread', [...keys.record('lead', '7'), 'thread'], true],
  ['another record', keys.record('lead', '8'), false],
  ['lists of the object', keys.list('lead', { filter: '' }), true],
  ['lists of another object', keys.list('task', {}), false],
  ['figures', keys.dashboard('lead-health', {}), false],
])('%s', (_, queryKey, expected) => {
  expect(touched({ queryKey })).toBe(expected)
})
