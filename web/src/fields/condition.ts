import type { Choice, Field } from '@/api/catalog'
import { splitAt, splitConditions, unwrapped } from './split-conditions'

/** How a field is compared in the filter builder. */
export type Operator =
  | 'is' | 'is_not' | 'contains' | 'not_contains' | 'starts_with'
  | 'any_of' | 'none_of' | 'mine' | 'team'
  | 'equal' | 'above' | 'at_least' | 'below' | 'at_most'
  | 'on' | 'today' | 'last_days' | 'next_days' | 'past'
  | 'true' | 'false' | 'blank' | 'filled'

/** One line of the filter builder: texts as the expression language takes them, without quotes. */
export interface Condition {
  field: string
  operator: Operator
  values: string[]
}

/** A piece of a filter: a condition that the builder understands, or an expression that it leaves alone. */
export type Part = { condition: Condition } | { text: string }

const always: Operator[] = ['blank', 'filled']
const inText: Operator[] = ['contains', 'not_contains', 'is', 'is_not', 'starts_with', ...always]
const inNumbers: Operator[] = ['equal', 'at_least', 'at_most', 'above', 'below', ...always]
const inDates: Operator[] = ['today', 'last_days', 'next_days', 'past', 'on', 'at_least', 'at_most', 'above', 'below', ...always]

const operators: Record<string, Operator[]> = {
  number: inNumbers, currency: inNumbers, percent: inNumbers,
  date: inDates, datetime: inDates,
  boolean: ['true', 'false'],
  choice: ['any_of', 'none_of', ...always],
  person: ['mine', 'team', 'any_of', 'none_of', ...always],
  reference: always,
  choices: ['contains', 'not_contains', ...always],
  tags: ['contains', 'not_contains', ...always],
}

/** What a field can be asked for, the usual question first. */
export const operatorsOf = ({ type }: Pick<Field, 'type'>): Operator[] => operators[type] ?? inText

const moments: Partial<Record<Operator, string>> = { above: 'after', at_least: 'onOrAfter', below: 'before', at_most: 'onOrBefore' }

/** The name, in the catalogue of fields, of what an operator says of a field: a day is before another, a number less. */
export const operatorLabel = (operator: Operator, { type }: Pick<Field, 'type'>): string => `operator.${(operators[type] === inDates && moments[operator]) || operator}`

const withoutValue = new Set<Operator>(['mine', 'team', 'today', 'past', 'true', 'false', 'blank', 'filled'])
export const takesValue = (operator: Operator): boolean => !withoutValue.has(operator)

/** Whether a condition says enough to be asked. */
export function isComplete({ operator, values }: Condition, { type }: Pick<Field, 'type'>): boolean {
  if (!takesValue(operator)) return true
  if (values.length === 0 || values.some((value) => value.trim() === '')) return false
  if (operator === 'last_days' || operator === 'next_days') return /^\d{1,4}$/.test(values[0])
  return !isNumeric(type) || /^-?\d+(\.\d+)?$/.test(values[0])
}

const isNumeric = (type: string) => operators[type] === inNumbers

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const nameText = (name: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `[${name.replaceAll(']', ']]')}]`)
const comparison: Partial<Record<Operator, string>> = { is: '=', equal: '=', on: '=', above: '>', at_least: '>=', below: '<', at_most: '<=' }

/** That a field contains one of these: one question, or several in brackets. */
function within(name: string, values: string[]): string {
  const asked = (values.length > 0 ? values : ['']).map((value) => `CONTAINS(${name}, ${quoted(value)})`)
  return asked.length > 1 ? `(${asked.join(' OR ')})` : asked[0]
}

/** A condition in the expression language; a person's "is not" also finds blanks, as people expect. */
export function conditionText({ field, operator, values }: Condition, type: string): string {
  const name = nameText(field)
  const literal = isNumeric(type) ? (values[0] ?? '').trim() : quoted(values[0] ?? '')
  const member = values.length === 1 ? `${name} = ${quoted(values[0])}` : `${name} IN (${values.map(quoted).join(', ')})`
  switch (operator) {
    case 'contains': return within(name, values)
    case 'not_contains': return `NOT ${within(name, values)}`
    case 'is_not': return `NOT ${name} = ${literal}`
    case 'starts_with': return `STARTSWITH(${name}, ${literal})`
    case 'any_of': return member
    case 'none_of': return `NOT ${member}`
    case 'mine': return `${name} = ME()`
    case 'team': return `${name} IN TEAM()`
    case 'today': return `${name} = TODAY()`
    case 'last_days': return `${name} >= TODAY() - ${values[0]}`
    case 'next_days': return `${name} <= TODAY() + ${values[0]}`
    case 'past': return `${name} < NOW()`
    case 'true': return `${name} = TRUE`
    case 'false': return `NOT ${name} = TRUE`
    case 'blank': return `ISBLANK(${name})`
    case 'filled': return `NOT ISBLANK(${name})`
    default: return `${name} ${comparison[operator]} ${literal}`
  }
}

const namePattern = String.raw`(\[(?:[^\]]|\]\])+\]|[\p{L}_][\p{L}\p{N}_]*)`
const literalPattern = String.raw`("(?:[^"]|"")*"|'(?:[^']|'')*'|-?[\p{L}\p{N}_.]+)`
const whole = (pattern: string) => new RegExp(`^${pattern}$`, 'iu')
const patterns = {
  blank: whole(String.raw`ISBLANK\s*\(\s*${namePattern}\s*\)`),
  within: whole(String.raw`(CONTAINS|STARTSWITH)\s*\(\s*${namePattern}\s*,\s*${literalPattern}\s*\)`),
  mine: whole(String.raw`${namePattern}\s*=\s*ME\(\s*\)`),
  team: whole(String.raw`${namePattern}\s+IN\s+TEAM\(\s*\)`),
  relative: whole(String.raw`${namePattern}\s*(=|>=|<=|<)\s*(TODAY|NOW)\(\s*\)(?:\s*([+-])\s*(\d+))?`),
  member: whole(String.raw`${namePattern}\s+IN\s*\((.*)\)`),
  compare: whole(String.raw`${namePattern}\s*(=|>=|<=|>|<)\s*${literalPattern}`),
}

function unquoted(literal: string): string {
  const mark = literal[0]
  return mark === '"' || mark === "'" ? literal.slice(1, -1).replaceAll(mark + mark, mark) : literal
}

const choiceName = (choices: Choice[] | undefined, text: string) => choices?.find(({ name, label }) => name === text || label === text)?.name

/** The value of a literal for a field; undefined when the builder cannot show it. */
function valueOf(field: Field, literal: string): string | undefined {
  const text = unquoted(literal)
  const bare = text === literal
  if (field.choices) return choiceName(field.choices, text)
  if (isNumeric(field.type)) return bare && /^-?\d/.test(text) ? text : undefined
  if (field.type === 'date' || field.type === 'datetime') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined
  return bare ? undefined : text
}

type Read = Omit<Condition, 'field'> & { name: string }

function readRelative([, name, sign, from, direction, days]: string[]): Read | null {
  const shape = `${sign}${from.toUpperCase()}${direction ?? ''}`
  const known: Record<string, Operator> = { '=TODAY': 'today', '<NOW': 'past', '>=TODAY-': 'last_days', '<=TODAY+': 'next_days' }
  return known[shape] ? { name, operator: known[shape], values: days ? [days] : [] } : null
}

const compared: Record<string, Operator> = { '>': 'above', '>=': 'at_least', '<': 'below', '<=': 'at_most' }

function equality(type: string): Operator {
  if (type === 'choice' || type === 'person') return 'any_of'
  if (isNumeric(type)) return 'equal'
  return type === 'date' || type === 'datetime' ? 'on' : 'is'
}

function readCompared(name: string, sign: string, literal: string, field: Field): Read | null {
  if (field.type === 'boolean') return sign === '=' && literal.toUpperCase() === 'TRUE' ? { name, operator: 'true', values: [] } : null
  const value = valueOf(field, literal)
  return value === undefined ? null : { name, operator: compared[sign] ?? equality(field.type), values: [value] }
}

function readMember(name: string, list: string, field: Field): Read | null {
  const literals = [...list.matchAll(new RegExp(literalPattern, 'giu'))].map(([literal]) => literal)
  if (list.replace(new RegExp(literalPattern, 'giu'), '').replaceAll(/[\s,，]/g, '') !== '') return null
  const values = literals.map((literal) => valueOf(field, literal))
  return values.length === 0 || values.includes(undefined) ? null : { name, operator: 'any_of', values: values as string[] }
}

/** One of several choices, as "contains" asks for them: the same question for each, in brackets. */
function readAnyWithin(text: string, find: (name: string) => Field | undefined): Read | null {
  const parts = splitAt(unwrapped(text) ?? '', 'OR')
  if (parts.length < 2) return null
  const asked = parts.map((part) => readPlain(part, find))
  const field = find(asked[0]?.name ?? '')
  if (field?.type !== 'choices' || asked.some((one) => one?.operator !== 'contains' || find(one.name) !== field)) return null
  return { name: field.name, operator: 'contains', values: asked.flatMap((one) => one?.values ?? []) }
}

function readPlain(text: string, find: (name: string) => Field | undefined): Read | null {
  const blank = patterns.blank.exec(text)
  if (blank) return { name: blank[1], operator: 'blank', values: [] }
  const mine = patterns.mine.exec(text)
  if (mine) return { name: mine[1], operator: 'mine', values: [] }
  const team = patterns.team.exec(text)
  if (team) return { name: team[1], operator: 'team', values: [] }
  const relative = patterns.relative.exec(text)
  if (relative) return readRelative([...relative])
  const [, call, name, literal] = patterns.within.exec(text) ?? patterns.member.exec(text)?.toSpliced(1, 0, 'IN') ?? []
  const [, left, sign, right] = patterns.compare.exec(text) ?? []
  const field = find(name ?? left ?? '')
  if (!field) return null
  if (call === 'IN') return readMember(name, literal, field)
  if (!call) return readCompared(left, sign, right, field)
  const value = valueOf(field, literal)
  return value === undefined ? null : { name, operator: call.toUpperCase() === 'CONTAINS' ? 'contains' : 'starts_with', values: [value] }
}

const opposite: Partial<Record<Operator, Operator>> = { is: 'is_not', contains: 'not_contains', any_of: 'none_of', true: 'false', blank: 'filled' }

/** The condition that an expression is, where the builder could have written it; null for any other. */
export function readCondition(text: string, fields: Field[]): Condition | null {
  const find = (name: string) => {
    const plain = name.startsWith('[') ? name.slice(1, -1).replaceAll(']]', ']') : name
    return fields.find((field) => field.name === plain) ?? fields.find(({ label }) => label === plain)
  }
  const [, not, rest] = /^(NOT\s+|NOT(?=\()|非\s*)?(.*)$/isu.exec(text.trim()) ?? []
  const read = readPlain(rest, find) ?? readAnyWithin(rest, find)
  const field = read && find(read.name)
  const operator = read && (not ? opposite[read.operator] : read.operator)
  if (!field || !operator || !operatorsOf(field).includes(operator)) return null
  const condition = { field: field.name, operator, values: read.values }
  // What says too little would be dropped when it is written again: it stays as it is.
  return isComplete(condition, field) ? condition : null
}

/** A filter as the pieces that all must hold. */
export function readFilter(filter: string, fields: Field[]): Part[] {
  return splitConditions(filter).map((text) => {
    const condition = readCondition(text, fields)
    return condition ? { condition } : { text }
  })
}

/** Pieces as one filter; conditions that say too little are left out. */
export function filterText(parts: Part[], fields: Field[]): string {
  const texts = parts.flatMap((part) => {
    if ('text' in part) return [part.text]
    const field = fields.find(({ name }) => name === part.condition.field)
    return field && isComplete(part.condition, field) ? [conditionText(part.condition, field.type)] : []
  })
  return bothHold(...texts)
}

/** Whether a filter has an outermost OR, which is weaker than AND. */
const isAlternative = (filter: string) => splitConditions(`${filter} AND x`).length === 1

/** A filter that holds where all of these do; blank ones say nothing. */
export function bothHold(...filters: string[]): string {
  const said = filters.map((filter) => filter.trim()).filter(Boolean)
  if (said.length < 2) return said[0] ?? ''
  return said.map((filter) => (isAlternative(filter) ? `(${filter})` : filter)).join(' AND ')
}
