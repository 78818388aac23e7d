import type { FollowUpRules, Reason } from './draft'

interface Choice {
  name: string
  label: string
}

/** The parts of an object's catalog entry that its follow-up card needs. */
export interface FollowedObject {
  title_field: string
  fields: { name: string; label: string; read_only?: boolean; choices?: Choice[]; required_when?: { field: string; choices: string[] } }[]
  follow_up?: FollowUpRules & { next_action_field: string; status_field?: string }
}

/** The card of an object: its actions and outcomes, and the next actions its own field offers. */
export function rulesOf({ fields, follow_up: rules }: FollowedObject): FollowUpRules | undefined {
  if (!rules) return undefined
  const field = fields.find(({ name }) => name === rules.next_action_field)
  return { ...rules, next_actions: field?.choices, reasons: reasonsOf(fields, rules.status_field) }
}

/** The fields that the status asks for; the reader must be able to write them. */
function reasonsOf(fields: FollowedObject['fields'], status: string | undefined): Reason[] {
  return fields.flatMap(({ name, label, read_only: fixed, choices, required_when: when }) =>
    choices && !fixed && when && when.field === status ? [{ field: name, label, statuses: when.choices, choices }] : [],
  )
}
