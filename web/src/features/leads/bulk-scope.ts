import type { Field, CatalogObject } from '@/api/catalog'
import type { OperationWish } from '@/api/operations'
import { tagsOf } from '@/fields/field-value'
import { instantText } from '@/format/civil-time'
import type { Selection } from './selection'

/** Which records a bulk operation is for. */
export type BulkScope = { ids: string[] } | { filter: string }

/** All that match, or those that are chosen. */
export const scopeOf = (all: boolean, filter: string, selection: Selection): BulkScope => (all ? { filter } : { ids: selection.ids })

/** Whether "all that match" is more than what is chosen: every loaded row is, and there are others. */
export const offersAll = (selection: Selection, loaded: number, count: number | undefined, countMore: boolean): boolean =>
  loaded > 0 && selection.size >= loaded && (countMore || (count ?? 0) > selection.size)

/** Whether the reader may hand records of an object to others. */
export const mayAssign = ({ can, owner_field: owner, fields }: CatalogObject): boolean =>
  can.update && can.assign === true && fields.some(({ name, read_only: fixed }) => name === owner && !fixed)

/** Types that have one value for many records; a phone is nobody else's. */
const own = new Set(['auto_number', 'reference'])

/** The fields that may be written in many records at once; the owner has his own way. */
export function editable({ can, owner_field: owner, title_field: title, fields }: CatalogObject): Field[] {
  if (!can.update) return []
  return fields.filter(({ name, type, read_only: fixed }) => !fixed && name !== owner && name !== title && !own.has(type))
}

/** Whether there is anything that the reader may do to many records of an object. */
export const mayChangeMany = (object: CatalogObject): boolean => object.can.delete || mayAssign(object) || editable(object).length > 0

/** What was typed, as the API takes it; undefined while nothing whole was. A moment is meant as the company's clocks show it. */
export function wishedValue({ type }: Pick<Field, 'type'>, text: string, zone: string): unknown {
  const said = text.trim()
  if (!said) return undefined
  if (type === 'datetime') return instantText(said, zone) || undefined
  if (type === 'boolean') return said === 'true'
  if (type === 'tags') return tagsOf(said)
  if (type === 'choices') return said.split('\n')
  return said
}

/** Where an assignment goes to, as a choice writes it: "user:ID", "pool:NAME" or "routing". */
export function targetOf(choice: string): Pick<OperationWish, 'owner' | 'pool' | 'routing'> | undefined {
  const [kind, ...rest] = choice.split(':')
  const name = rest.join(':')
  if (kind === 'user' && name) return { owner: name }
  if (kind === 'pool' && name) return { pool: name }
  return kind === 'routing' ? { routing: true } : undefined
}
