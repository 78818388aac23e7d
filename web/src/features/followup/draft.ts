/** What one object's follow-up card offers, as the catalog tells it. */
export interface FollowUpRules {
  actions: { name: string; label: string }[]
  outcomes: { name: string; label: string; closes?: boolean }[]
  /** The choices of the next action's field, where they differ from the actions. */
  next_actions?: { name: string; label: string }[]
  default_days: number
}

/** What has been typed so far. `nextDue` is an RFC 3339 instant or empty. */
export interface Draft {
  action: string
  text: string
  outcome: string
  nextAction: string
  nextDue: string
}

export const emptyDraft: Draft = { action: '', text: '', outcome: '', nextAction: '', nextDue: '' }

/** The parts of the card that can be at fault; they are the API's names. */
export type Part = 'action' | 'next_action' | 'next_due'

/** Whether the chosen outcome ends the matter, so that no next step is asked for. */
export function closes(draft: Draft, rules: FollowUpRules): boolean {
  return rules.outcomes.some((outcome) => outcome.name === draft.outcome && outcome.closes === true)
}

/** What still stands in the way of saving, in the order of the card. */
export function missing(draft: Draft, rules: FollowUpRules, now: Date): Part[] {
  const parts: Part[] = []
  if (!draft.action) parts.push('action')
  if (closes(draft, rules)) return parts
  if (!draft.nextAction) parts.push('next_action')
  if (!draft.nextDue || new Date(draft.nextDue) <= now) parts.push('next_due')
  return parts
}

export function isEmpty(draft: Draft): boolean {
  return Object.values(draft).every((value) => value === '')
}

/** The body of `POST …/follow-up`. */
export function requestOf(draft: Draft, rules: FollowUpRules): Record<string, string> {
  const said = { action: draft.action, text: draft.text.trim() }
  const ended = draft.outcome ? { ...said, outcome: draft.outcome } : said
  if (closes(draft, rules)) return ended
  return { ...ended, next_action: draft.nextAction, next_due: draft.nextDue }
}
