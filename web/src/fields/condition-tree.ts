import type { Field } from '@/api/catalog'
import { conditionText, isComplete, readCondition, type Condition } from './condition'
import { splitAt, unwrapped } from './split-conditions'

/** Conditions that hold together: all of them or any of them, or just not so. */
export interface Group {
  join: 'all' | 'any'
  not: boolean
  items: Item[]
}

/** A piece of a group: a condition, an expression that the builder leaves alone, or a group again. */
export type Item = { condition: Condition } | { text: string } | { group: Group }

export const emptyGroup = (): Group => ({ join: 'all', not: false, items: [] })

const negation = /^(?:NOT\s*(?=[(（])|非\s*(?=[(（]))(.*)$/isu

/** An expression as a tree; what is no condition of the builder's stays as text, so that nothing is lost. */
export function readTree(filter: string, fields: Field[]): Group {
  const text = filter.trim()
  if (!text) return emptyGroup()
  const item = readItem(text, fields)
  return 'group' in item ? item.group : { join: 'all', not: false, items: [item] }
}

function readItem(text: string, fields: Field[]): Item {
  for (const [word, join] of [['OR', 'any'], ['AND', 'all']] as const) {
    const parts = splitAt(text, word)
    if (parts.length > 1) return { group: { join, not: false, items: parts.map((part) => readItem(part, fields)) } }
  }
  const condition = readCondition(text, fields)
  if (condition) return { condition }
  const inner = unwrapped(text)
  if (inner !== undefined) return readItem(inner, fields)
  const denied = unwrapped(negation.exec(text)?.[1] ?? '')
  if (denied === undefined) return { text }
  const item = readItem(denied, fields)
  return { group: 'group' in item && !item.group.not ? { ...item.group, not: true } : { join: 'all', not: true, items: [item] } }
}

/** A tree as an expression; conditions that say too little are left out. */
export function treeText(group: Group, fields: Field[]): string {
  const { text } = groupText(group, fields)
  return group.not && text ? `NOT (${text})` : text
}

interface Said {
  text: string
  /** Whether it is joined of more than one. */
  several: boolean
}

function groupText({ join, items }: Group, fields: Field[]): Said {
  const texts = items.map((item) => itemText(item, fields)).filter(Boolean)
  return { text: texts.join(join === 'all' ? ' AND ' : ' OR '), several: texts.length > 1 }
}

function itemText(item: Item, fields: Field[]): string {
  if ('text' in item) return splitAt(item.text, 'OR').length > 1 ? `(${item.text.trim()})` : item.text.trim()
  if ('condition' in item) {
    const field = fields.find(({ name }) => name === item.condition.field)
    return field && isComplete(item.condition, field) ? conditionText(item.condition, field.type) : ''
  }
  const { text, several } = groupText(item.group, fields)
  if (!text) return ''
  return item.group.not ? `NOT (${text})` : several ? `(${text})` : text
}

/** The pieces that must all hold, one by one; a tree of another kind is one piece. */
export const topItems = (group: Group): Item[] => (group.join === 'all' && !group.not ? group.items : [{ group }])

/** The expression of pieces that must all hold. */
export function itemsText(items: Item[], fields: Field[]): string {
  const [only] = items
  return treeText(items.length === 1 && 'group' in only ? only.group : { join: 'all', not: false, items }, fields)
}
