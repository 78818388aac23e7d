/** One step of a cycle, or all of them; averages and compressions are decimals, absent where there is nothing to tell. */
export interface CycleStep {
  id?: string
  label?: string
  days?: string
  earlier_days?: string
  compression?: string
}

export interface CyclePeriod {
  from: string
  to: string
  records: number
  filter: string
}

/** `GET /cycles/{name}`. */
export interface Cycle {
  label: string
  object: string
  present: CyclePeriod
  earlier: CyclePeriod
  steps: CycleStep[]
  total: CycleStep
}

/** One field that says why, with how often each reason was given. */
export interface ReasonFigures {
  field: string
  label: string
  total: number
  items: { choice: string; label: string; count: number; filter: string }[]
}
