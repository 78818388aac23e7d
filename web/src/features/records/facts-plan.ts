/** Whether a value stands for nothing. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return Array.isArray(value) && value.length === 0
}

/** The fields without the reasons that nobody asks for: why a lead was lost is no gap in one that is not. */
export function askedFields<F extends { name: string; required_when?: { field: string; choices: string[] } }>(fields: F[], record: Record<string, unknown>): F[] {
  return fields.filter(({ name, required_when: when }) => !when || !isBlank(record[name]) || when.choices.includes(String(record[when.field])))
}

interface PlannedField {
  name: string
}

export interface PlannedSection<F extends PlannedField> {
  label: string
  filled: F[]
  blank: F[]
}

/**
 * The sections of a page with the fields that have something to say and, apart, those still blank.
 * A field the reader does not have is left out, and a section without any field with it.
 */
export function planFacts<F extends PlannedField>(
  sections: { label: string; fields: string[] }[],
  fields: F[],
  record: Record<string, unknown>,
): PlannedSection<F>[] {
  const byName = new Map(fields.map((field) => [field.name, field]))
  return sections
    .map(({ label, fields: names }) => {
      const known = names.flatMap((name) => byName.get(name) ?? [])
      return {
        label,
        filled: known.filter(({ name }) => !isBlank(record[name])),
        blank: known.filter(({ name }) => isBlank(record[name])),
      }
    })
    .filter(({ filled, blank }) => filled.length + blank.length > 0)
}
