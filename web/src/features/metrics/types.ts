import type { DayFigure } from './day-stacks'

/** A count of minutes as the API gives it: a number, a decimal text, or nothing when nobody was touched. */
export type Minutes = number | string | null

export interface ChannelFigure {
  channel: string
  label: string
  leads: number
  touched: number
  within_24h: number
  within_30m: number
  median_minutes: Minutes
  filter: string
}

export interface PersonFigure {
  user: { id: string; label?: string }
  overdue: number
  open: number
  filter: string
}

/** `GET /dashboards/lead-health`. Each filter opens the list that gives its number. */
export interface LeadHealth {
  now: string
  range: { from: string; to: string }
  totals: {
    leads: number
    touched: number
    untouched: number
    within_24h: number
    within_30m: number
    median_minutes: Minutes
    unassigned: number
    overdue: number
  }
  by_channel: ChannelFigure[]
  by_person: PersonFigure[]
  by_day: DayFigure[]
  filters: Partial<Record<'leads' | 'touched' | 'untouched' | 'within_24h' | 'within_30m' | 'unassigned' | 'overdue', string>>
}

/** Figures of follow-ups; waiting are promises that fell due and still have no answer. The rate is in per cent. */
export interface FollowUpTotals {
  follow_ups: number
  kept: number
  late: number
  waiting: number
  rate: number | null
  filters: Partial<Record<'follow_ups' | 'kept' | 'late' | 'waiting', string>>
}

export interface FollowUpDay {
  day: string
  done: number
  kept: number
  late: number
  filter: string
}

/** `GET /dashboards/lead/follow-up`. Filters open lists of `list` (follow-ups) and of `object` (what waits). */
export interface FollowUpHealth {
  range: { from: string; to: string }
  object: string
  list: string
  totals: FollowUpTotals
  by_person: (FollowUpTotals & { user: { id: string; label?: string } })[]
  by_action: { action: string; label: string; count: number; filter: string }[]
  by_day: FollowUpDay[]
  overdue: { record: { id: string } & Record<string, unknown>; overdue_minutes?: number; last: { at: string; text: string } | null }[]
}
