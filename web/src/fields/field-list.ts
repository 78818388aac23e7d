import type { CatalogObject, Field } from '@/api/catalog'

/** A record as the API gives it: one flat object of API names. */
export type FlatRecord = { id: string; created_at: string; updated_at: string } & Record<string, unknown>

/** Labels of what every record has beside its fields. */
export interface SystemLabels {
  created_at: string
  updated_at: string
}

const system = (name: string, label: string): Field => ({ name, label, type: 'datetime', required: false, read_only: true })

/** The fields of an object and, after them, its two instants. */
export function fieldsWithSystem(object: CatalogObject, labels: SystemLabels): Field[] {
  return [...object.fields, system('created_at', labels.created_at), system('updated_at', labels.updated_at)]
}

export const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** Whether a number is shown as stars out of three. */
export const isStars = ({ name, type }: Pick<Field, 'name' | 'type'>): boolean => type === 'number' && name === 'stars'

/** Lists of texts have no order that a database could keep. */
export const isSortable = ({ type }: Pick<Field, 'type'>): boolean => type !== 'tags' && type !== 'choices'
