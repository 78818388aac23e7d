/** A field that says why, asked for by some statuses. */
export interface Reason {
  field: string
  label: string
  statuses: string[]
  choices: { name: string; label: string }[]
}

/** What one object's follow-up card offers, as the catalog tells it. */
export interface FollowUpRules {
  actions: { name: string; label: string }[]
  outcomes: { name: string; label: string; closes?: boolean; sets?: string }[]
  /** The reasons that outcomes ask for, by the status that they set. */
  reasons?: Reason[]
  /** The choices of the next action's field, where they differ from the actions. */
  next_actions?: { name: string; label: string }[]
  default_days: number
}

/** What has been typed so far. `nextDue` is an RFC 3339 instant or empty. */
export interface Draft {
  action: string
  text: string
  outcome: string
  /** The choice of the reason that the outcome asks for. */
  reason: string
  nextAction: string
  nextDue: string
}

export const emptyDraft: Draft = { action: '', text: '', outcome: '', reason: '', nextAction: '', nextDue: '' }

/** The parts of the card that can be at fault; they are the API's names. */
export type Part = 'action' | 'reason' | 'next_action' | 'next_due'

/** Whether the chosen outcome ends the matter, so that no next step is asked for. */
export function closes(draft: Draft, rules: FollowUpRules): boolean {
  return rules.outcomes.some((outcome) => outcome.name === draft.outcome && outcome.closes === true)
}

/** The reason that the chosen outcome asks for. */
export function reasonOf(draft: Draft, rules: FollowUpRules): Reason | undefined {
  const sets = rules.outcomes.find(({ name }) => name === draft.outcome)?.sets
  return sets === undefined ? undefined : rules.reasons?.find(({ statuses }) => statuses.includes(sets))
}

/** What still stands in the way of saving, in the order of the card. */
export function missing(draft: Draft, rules: FollowUpRules, now: Date): Part[] {
  const parts: Part[] = []
  if (!draft.action) parts.push('action')
  if (closes(draft, rules)) return reasonOf(draft, rules) && !draft.reason ? [...parts, 'reason'] : parts
  if (!draft.nextAction) parts.push('next_action')
  if (!draft.nextDue || new Date(draft.nextDue) <= now) parts.push('next_due')
  return parts
}

export function isEmpty(draft: Draft): boolean {
  return Object.values(draft).every((value) => value === '')
}

/** The body of `POST …/follow-up`. */
export function requestOf(draft: Draft, rules: FollowUpRules): Record<string, unknown> {
  const said = { action: draft.action, text: draft.text.trim() }
  const ended = draft.outcome ? { ...said, outcome: draft.outcome } : said
  const reason = reasonOf(draft, rules)
  if (closes(draft, rules)) return reason && draft.reason ? { ...ended, fields: { [reason.field]: draft.reason } } : ended
  return { ...ended, next_action: draft.nextAction, next_due: draft.nextDue }
}
