import type { Candidate, MergeField, Side } from './queries'

/** The candidates to speak of unasked: those with an equal key. */
export const certain = (candidates: Candidate[]): Candidate[] => candidates.filter(({ same }) => same.length > 0)

/** What is sent: each field that may be chosen, with its side. */
export function choices(fields: MergeField[], changed: Record<string, Side>): Record<string, Side> {
  return Object.fromEntries(fields.filter(({ fixed }) => !fixed).map(({ name, chosen }) => [name, changed[name] ?? chosen]))
}
