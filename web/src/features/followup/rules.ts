import type { FollowUpRules } from './draft'

interface Choice {
  name: string
  label: string
}

/** The parts of an object's catalog entry that its follow-up card needs. */
export interface FollowedObject {
  title_field: string
  fields: { name: string; choices?: Choice[] }[]
  follow_up?: FollowUpRules & { next_action_field: string }
}

/** The card of an object: its actions and outcomes, and the next actions its own field offers. */
export function rulesOf({ fields, follow_up: rules }: FollowedObject): FollowUpRules | undefined {
  if (!rules) return undefined
  const field = fields.find(({ name }) => name === rules.next_action_field)
  return { ...rules, next_actions: field?.choices }
}
