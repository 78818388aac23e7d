/** A field that was changed here and, since this form was opened, somewhere else. */
export interface Conflict {
  name: string
  mine: unknown
  theirs: unknown
}

/** Which edits meet a change of somebody else; the same value on both sides is no conflict. */
export function conflictsOf(edits: Record<string, unknown>, base: Record<string, unknown>, current: Record<string, unknown>): Conflict[] {
  return Object.entries(edits).flatMap(([name, mine]) => {
    const theirs = current[name]
    return same(theirs, base[name]) || same(theirs, mine) ? [] : [{ name, mine, theirs }]
  })
}

/** Equal as the API writes them; a person or reference is its id. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

function plain(value: unknown): unknown {
  if (value && typeof value === 'object' && 'id' in value) return value.id
  return value ?? null
}
