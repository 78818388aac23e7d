import type { Field } from '@/api/catalog'
import type { Group, Item } from '@/fields/condition-tree'
import type { FieldOption } from './options'

/** The fields of an object's document as conditions ask for them, and the two instants of every record. A field whose type is not known here is left to the text. */
export function rowFields(options: FieldOption[], instants: Record<string, string>): Field[] {
  const plain = { required: false, read_only: false }
  const own = options.filter(({ type }) => type !== '').map(({ name, label, type, choices }) => ({ ...plain, name, label, type, ...(type.startsWith('choice') && { choices }) }))
  return [...own, ...Object.entries(instants).map(([name, label]) => ({ ...plain, name, label, type: 'datetime' }))]
}

const isText = (item: Item): boolean => ('group' in item ? isAllText(item.group) : 'text' in item && item.text !== '')

/** Whether nothing of a condition can be shown as a row. */
export const isAllText = ({ items }: Group): boolean => items.length > 0 && items.every(isText)
