/** Something that was said of a record. */
export interface Said {
  at: string
  text: string
}

/** A record that waits, with the last things that were said of it, the newest first. */
export interface HomeItem {
  record: { id: string } & Record<string, unknown>
  due_at?: string
  overdue_minutes?: number
  last: Said | null
  earlier?: Said[]
  /** What the customer named, and how often. */
  mentions?: { value: string; count: number }[]
}

/** What waits with one person. */
export interface Waiting {
  user: { id: string; label?: string } | null
  overdue: number
  open: number
  filter: string
}

/** A part of a home page. A list carries its first records, `people` what waits with each; heat and risk are asked for by themselves. */
export interface Block {
  name: string
  type: 'list' | 'people' | 'heat' | 'risk' | 'lookup'
  label: string
  object: string
  alarm?: boolean
  action?: 'follow_up' | 'claim'
  count: number
  count_more?: boolean
  filter: string
  sort?: string
  items?: HomeItem[]
  people?: Waiting[]
}

/** The home page of a role. */
export interface Home {
  kind: string
  blocks: Block[]
}

export interface HeatAxis {
  key: string
  label: string
}

export interface HeatCell {
  row: string
  column: string
  count: number
  good: number
  filter: string
}

/** `GET /home/heat/{block}`: records since a day by two of their fields, and how many of them are good. */
export interface Heat {
  since: string
  rows: HeatAxis[]
  columns: HeatAxis[]
  cells: HeatCell[]
}

/** A contract that ends; `silent` is in days, null when nobody is known to have spoken to the customer. */
export interface RiskItem {
  id: string
  label: string
  object: string
  company: { id: string; label?: string } | null
  ends_on: string
  days_left: number
  silent: number | null
  score: string | null
  level: 'red' | 'amber' | ''
}

/** `GET /home/risk/{block}`. */
export interface Risk {
  within: number
  silent_days: number
  low: string
  more?: boolean
  items: RiskItem[]
}

/** A step of a new company, done or not by what there is. */
export interface FirstStep {
  name: 'people' | 'departments' | 'pools' | 'intake' | 'robot' | 'calendar' | 'backup'
  done: boolean
  count: number
  of?: number
  /** The configuration document where it is done. */
  document?: string
}

/** `GET /first-steps`. */
export interface FirstSteps {
  put_away: boolean
  steps: FirstStep[]
}
