import { describe, expect, test } from 'vitest'
import { closes, emptyDraft, missing, requestOf, type Draft, type FollowUpRules } from './draft'
import { rulesOf } from './rules'

const rules: FollowUpRules = {
  actions: [{ name: 'demo', label: 'Demo' }],
  outcomes: [
    { name: 'lost', label: 'Lost', closes: true },
    { name: 'interested', label: 'Interested', closes: false },
  ],
  default_days: 3,
}
const now = new Date('2026-11-24T02:00:00Z')
const whole: Draft = { action: 'demo', text: ' seen ', outcome: '', reason: '', nextAction: 'demo', nextDue: '2026-11-25T02:00:00Z' }

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

describe('a reason', () => {
  const asking: FollowUpRules = {
    ...rules,
    outcomes: [{ name: 'lost', label: 'Lost', closes: true, sets: 'dead' }, { name: 'won', label: 'Won', closes: true, sets: 'alive' }],
    reasons: [{ field: 'lost_reason', label: 'Why', statuses: ['dead'], choices: [{ name: 'price', label: 'Price' }] }],
  }
  test('is asked for by the outcome whose status wants one', () => {
    expect(missing({ ...whole, outcome: 'lost' }, asking, now)).toEqual(['reason'])
    expect(missing({ ...whole, outcome: 'lost', reason: 'price' }, asking, now)).toEqual([])
    expect(missing({ ...whole, outcome: 'won' }, asking, now)).toEqual([])
  })
  test('goes with the request', () => {
    expect(requestOf({ ...whole, outcome: 'lost', reason: 'price' }, asking)).toEqual({ action: 'demo', text: 'seen', outcome: 'lost', fields: { lost_reason: 'price' } })
  })
  test('comes from the fields that the status asks for and the reader may write', () => {
    const field = { name: 'lost_reason', label: 'Why', choices: [{ name: 'price', label: 'Price' }], required_when: { field: 'status', choices: ['dead'] } }
    const of = (fixed: boolean) =>
      rulesOf({ title_field: 'name', fields: [{ ...field, read_only: fixed }, { ...field, name: 'other', required_when: { field: 'stage', choices: ['dead'] } }], follow_up: { ...rules, next_action_field: 'x', status_field: 'status' } })
    expect(of(false)?.reasons?.map((one) => one.field)).toEqual(['lost_reason'])
    expect(of(true)?.reasons).toEqual([])
  })
})
