import type { FieldFault } from '@/api/call'
import { listText } from '@/format/list-text'
import { inLanguage, type Label, type Pick, type Shape } from './shape'

/** A place in a document: keys and positions, the outermost first. */
export type Path = (string | number)[]

export type Body = Record<string, unknown>

const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a place; undefined for nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (Array.isArray(at) ? at[Number(step)] : isObject(at) ? at[step] : undefined), value)
}

/** The document with another value at a place; undefined takes the key away. */
export function withValue<T>(value: T, path: Path, next: unknown): T {
  if (path.length === 0) return next as T
  const [step, ...rest] = path
  if (Array.isArray(value)) return value.map((item, at) => (at === Number(step) ? withValue(item, rest, next) : item)) as T
  const object: Body = isObject(value) ? value : {}
  const inner = withValue<unknown>(object[step], rest, next)
  if (inner === undefined) {
    const { [step]: _, ...others } = object
    return others as T
  }
  return { ...object, [step]: inner } as T
}

/** The list with an item at another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  if (from === to || to < 0 || to >= list.length) return list
  const others = list.toSpliced(from, 1)
  return others.toSpliced(to, 0, list[from])
}

/** A copy of an item without its permanent ids, so that it is one of its own. */
export function copyOf(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(copyOf)
  if (!isObject(item)) return item
  return Object.fromEntries(Object.entries(item).flatMap(([key, value]) => (key === 'id' ? [] : [[key, copyOf(value)]])))
}

/** The server's name of a place: "rows.2.when"; it writes "rows[2].when" too. */
export const placeOf = (path: Path) => path.join('.')
const steps = (path: string) => path.split(/[.[\]]+/).filter((step) => step !== '')

/** The faults at a place itself; those further in belong to what is there. */
export function faultsAt<F extends FieldFault>(faults: F[], path: Path): F[] {
  const place = placeOf(path)
  return faults.filter((fault) => steps(fault.path).join('.') === place)
}

/** The faults at a place and anywhere in it. */
export function faultsIn<F extends FieldFault>(faults: F[], path: Path): F[] {
  const place = placeOf(path)
  return faults.filter((fault) => {
    const at = steps(fault.path).join('.')
    return place === '' || at === place || at.startsWith(`${place}.`)
  })
}

/** A fault's sentence, and the line with the caret below it. */
export function sentenceOf(message: string): { sentence: string; caret: string } {
  const [sentence, ...caret] = message.split('\n')
  return { sentence, caret: caret.join('\n') }
}

/** What people call an item: its label, its name, or what it is about. */
export function nameOf(item: unknown, language: string): string {
  if (!isObject(item)) return typeof item === 'string' ? item : ''
  if (isObject(item.label)) {
    const label = inLanguage(item.label as Label, language)
    if (label) return label
  }
  for (const key of ['name', 'field']) if (typeof item[key] === 'string' && item[key] !== '') return item[key]
  return ''
}

/** What people call a document: its label, else the object that it is about, else its name. */
export function titleOf(body: Body, language: string, call: Caller): string {
  const label = isObject(body.label) ? inLanguage(body.label as Label, language) : ''
  return label || (typeof body.object === 'string' && body.object ? call({ ...fieldPick, kind: 'object' }, body.object, []) : nameOf(body, language))
}

/** A text that names a field, and one that names a choice of a field. */
export const fieldPick: Pick = { kind: 'field', free: false, system: false }
const choicePick: Pick = { ...fieldPick, kind: 'choice' }
const expressionPick: Pick = { ...fieldPick, kind: 'expression' }

/** How a text is called where it stands for something. */
export type Caller = (pick: Pick, name: string, path: Path) => string

/** What an item says besides its name, in short pieces. */
export function summaryOf(item: unknown, shape: Shape, path: Path, language: string, call: Caller): string[] {
  if (shape.kind !== 'object' || !isObject(item)) return []
  const naming = item.label || item.name ? ['label', 'name'] : ['field']
  return shape.properties.flatMap(({ name, shape: inner }) => {
    const value = item[name]
    if (value === undefined || ['id', 'help', ...naming].includes(name)) return []
    return brief(value, inner, [...path, name], language, call).map((text) => (inner.kind === 'number' || inner.kind === 'duration' ? `${inLanguage(inner.title, language)} ${text}` : text))
  })
}

function brief(value: unknown, shape: Shape, path: Path, language: string, call: Caller): string[] {
  switch (shape.kind) {
    case 'expression':
      return value ? [call(expressionPick, String(value), path)] : []
    case 'text':
      return value ? [shape.titles?.[String(value)] ? inLanguage(shape.titles[String(value)], language) : shape.pick ? call(shape.pick, String(value), path) : String(value)] : []
    case 'choice':
      return value ? [inLanguage(shape.titles[String(value)], language) || String(value)] : []
    case 'boolean':
      return value ? [inLanguage(shape.title, language)] : []
    case 'number':
      return [String(value)]
    case 'object':
      return summaryOf(value, shape, path, language, call)
    case 'list':
      return Array.isArray(value) && value.length > 0 ? [listText(value.map((item, at) => (isObject(item) && nameOf(item, language)) || (brief(item, shape.item, [...path, at], language, call)[0] ?? '')).slice(0, 4), language) + (value.length > 4 ? '…' : '')] : []
    case 'values':
      return isObject(value) ? Object.entries(value).map(([key, one]) => `${call(fieldPick, key, path)}=${Array.isArray(one) ? listText(one, language) : call({ ...choicePick, of: key }, String(one), path)}`) : []
    case 'map':
      return isObject(value) && Object.keys(value).length > 0 ? [`${inLanguage(shape.title, language)} ×${Object.keys(value).length}`] : []
    default:
      return []
  }
}

/** Whether two documents say the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => same(a[key], b[key]))
}
