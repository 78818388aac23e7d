import { describe, expect, test } from 'vitest'
import { planStages, type StageVisit } from './stages-plan'

const choices = [
  { name: 'needs', label: 'Needs' },
  { name: 'quote', label: 'Quotation' },
  { name: 'tender', label: 'Tender' },
  { name: 'won', label: 'Signed', closes: true },
  { name: 'lost', label: 'Lost', closes: true },
]
const stay = (choice: string, from: string, to?: string): StageVisit => ({ choice, label: choice, entered_at: `${from}T00:00:00Z`, left_at: to && `${to}T00:00:00Z` })
const now = Date.parse('2026-03-20T12:00:00Z')
const told = (present: string, ...visits: StageVisit[]) => planStages(choices, present, visits, now).map(({ name, state, days }) => [name, state, days].filter((one) => one !== undefined).join(' '))

describe('planStages', () => {
  test('the way so far, with the days of each stay, and the end that is hoped for', () => {
    expect(told('quote', stay('needs', '2026-03-01', '2026-03-11'), stay('quote', '2026-03-11'))).toEqual(['needs done 10', 'quote present 9', 'tender ahead', 'won ahead'])
  })
  test('a stage that was passed over has no days', () => {
    expect(told('tender', stay('needs', '2026-03-01', '2026-03-02'), stay('tender', '2026-03-02'))).toEqual(['needs done 1', 'quote passed', 'tender present 18', 'won ahead'])
  })
  test('two stays at one stage add up', () => {
    expect(told('quote', stay('quote', '2026-03-01', '2026-03-03'), stay('needs', '2026-03-03', '2026-03-04'), stay('quote', '2026-03-18'))).toEqual(['needs done 1', 'quote present 4', 'tender ahead', 'won ahead'])
  })
  test('what is lost ends there, and days no longer count', () => {
    expect(told('lost', stay('needs', '2026-03-01', '2026-03-02'), stay('lost', '2026-03-02'))).toEqual(['needs done 1', 'quote passed', 'tender passed', 'lost present'])
  })
  test('a record without a stage has all before it', () => {
    expect(told('')).toEqual(['needs ahead', 'quote ahead', 'tender ahead', 'won ahead'])
  })
  test('a clock that stands behind never gives fewer than no days', () => {
    expect(told('needs', stay('needs', '2026-03-25'))[0]).toBe('needs present 0')
  })
})
