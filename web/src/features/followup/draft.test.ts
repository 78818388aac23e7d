import { describe, expect, test } from 'vitest'
import { closes, emptyDraft, missing, requestOf, type Draft, type FollowUpRules } from './draft'

const rules: FollowUpRules = {
  actions: [{ name: 'demo', label: 'Demo' }],
  outcomes: [
    { name: 'lost', label: 'Lost', closes: true },
    { name: 'interested', label: 'Interested', closes: false },
  ],
  default_days: 3,
}
const now = new Date('2026-11-24T02:00:00Z')
const whole: Draft = { action: 'demo', text: ' seen ', outcome: '', nextAction: 'demo', nextDue: '2026-11-25T02:00:00Z' }

describe('missing', () => {
  test.each<[string, Draft, string[]]>([
    ['nothing typed', emptyDraft, ['action', 'next_action', 'next_due']],
    ['no next step', { ...whole, nextAction: '', nextDue: '' }, ['next_action', 'next_due']],
    ['a time that has passed', { ...whole, nextDue: '2026-11-24T01:00:00Z' }, ['next_due']],
    ['an outcome that does not close', { ...whole, outcome: 'interested', nextDue: '' }, ['next_due']],
    ['an outcome that closes', { ...whole, outcome: 'lost', nextAction: '', nextDue: '' }, []],
    ['all there', whole, []],
  ])('%s', (_, draft, parts) => {
    expect(missing(draft, rules, now)).toEqual(parts)
  })
})

test('closing drops the next step from the request', () => {
  const draft = { ...whole, outcome: 'lost' }
  expect(closes(draft, rules)).toBe(true)
  expect(requestOf(draft, rules)).toEqual({ action: 'demo', text: 'seen', outcome: 'lost' })
})

test('the request carries both parts of the promise', () => {
  expect(requestOf(whole, rules)).toEqual({ action: 'demo', text: 'seen', next_action: 'demo', next_due: '2026-11-25T02:00:00Z' })
})
