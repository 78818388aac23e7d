import type { FlatRecord, ObjectShape } from './types'

/** References that are filled before anybody types, with what they say. */
export type Preset = Record<string, { id: string; label: string }>

/**
 * What a new record beside this one already knows: the reference back here, and each reference
 * of the same name and object that this record has itself (a contract of a project has its company).
 */
export function presetOf(made: Pick<ObjectShape, 'fields'>, source: Pick<ObjectShape, 'name' | 'title_field' | 'fields'>, record: FlatRecord, field: string): Preset {
  const preset: Preset = { [field]: { id: record.id, label: String(record[source.title_field] ?? '') } }
  for (const { name, type, object, read_only: fixed } of made.fields) {
    const same = source.fields.find((one) => one.name === name && one.type === 'reference' && one.object === object)
    const value = record[name] as { id?: string; label?: string } | null | undefined
    if (type === 'reference' && !fixed && same && value?.id && !(name in preset)) preset[name] = { id: value.id, label: value.label ?? '' }
  }
  return preset
}
