import type { Choice } from '@/api/catalog'

/** One stay of a record at a stage; without an end it is the present one. */
export interface StageVisit {
  choice: string
  label: string
  entered_at: string
  left_at?: string
}

export interface StageStep {
  name: string
  label: string
  /** Where the record is, where it was, what it passed over, and what lies before it. */
  state: 'present' | 'done' | 'passed' | 'ahead'
  /** Whole days there, of all its stays. */
  days?: number
  closes?: boolean
}

const day = 86_400_000

/**
 * The way of a record through its stages. Of the ends there is one: where it stands, or else the first,
 * which is what everybody hopes for.
 */
export function planStages(choices: Choice[], present: string, visits: StageVisit[], now: number): StageStep[] {
  const end = choices.find(({ closes, name }) => closes && name === present) ?? choices.find(({ closes }) => closes)
  const way = choices.filter((choice) => !choice.closes || choice === end)
  const place = way.findIndex(({ name }) => name === present)
  return way.map(({ name, label, closes }, n) => {
    const spent = stayed(visits, name, now)
    const was = spent === undefined ? 'passed' : 'done'
    const state = n === place ? 'present' : n < place ? was : 'ahead'
    return { name, label, state, closes, days: state === 'ahead' || (closes && state === 'present') ? undefined : spent }
  })
}

function stayed(visits: StageVisit[], choice: string, now: number): number | undefined {
  const stays = visits.filter((visit) => visit.choice === choice)
  if (stays.length === 0) return undefined
  const spent = stays.map(({ entered_at: from, left_at: to }) => (to ? Date.parse(to) : now) - Date.parse(from))
  return Math.max(0, Math.floor(spent.reduce((sum, one) => sum + one, 0) / day))
}
