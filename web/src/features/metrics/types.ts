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
