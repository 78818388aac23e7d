/** A text by language. */
export type Label = Record<string, string>

/** What a text names, and where what it belongs to is said. */
export interface Pick {
  kind: string
  /** The property that holds whose field or choice it is. */
  of?: string
  /** Whether a text that nothing is called may stand there too. */
  free: boolean
  /** Whether the fields that every record has may stand there. */
  system: boolean
}

export interface Property {
  name: string
  required: boolean
  shape: Shape
}

interface Titled {
  title: Label
}

/** What may stand at one place of a document. The editor knows these and no others. */
export type Shape = Titled &
  (
    | { kind: 'object'; properties: Property[]; exactlyOne: boolean }
    | { kind: 'list'; item: Shape; max?: number }
    | { kind: 'map'; keys?: Pick; keyPattern?: string; value: Shape }
    | { kind: 'values'; many: boolean }
    | { kind: 'label'; long: boolean }
    | { kind: 'text'; long: boolean; pattern?: string; maxLength?: number; format?: 'date' | 'sort'; pick?: Pick; titles?: Record<string, Label> }
    | { kind: 'expression' }
    | { kind: 'scope'; titles: Record<string, Label> }
    | { kind: 'choice'; options: string[]; titles: Record<string, Label>; colors: boolean }
    | { kind: 'number'; min?: number; max?: number }
    | { kind: 'boolean' }
    | { kind: 'duration'; properties: Property[] }
    | { kind: 'hours' }
    | { kind: 'either'; options: Shape[] }
    | { kind: 'any'; plain: boolean }
  )

/** A node of a JSON Schema. */
export type SchemaNode = Record<string, unknown>

/** What is said about a node and does not decide how it is edited. */
const remarks = new Set(['$schema', '$id', '$defs', 'title', 'x-title', 'minProperties', 'minLength', 'minItems', 'required'])

/** What decides how a node is edited. */
const understood = new Set([
  ...remarks,
  '$ref', 'type', 'properties', 'additionalProperties', 'propertyNames', 'items', 'enum', 'pattern', 'maxLength', 'minimum', 'maximum', 'maxItems', 'maxProperties', 'anyOf',
  'x-pick', 'x-of', 'x-free', 'x-system', 'x-keys', 'x-choices', 'x-expression', 'x-format', 'x-long',
])

const formats = new Set(['duration', 'hours', 'date', 'color', 'scope', 'sort', 'values', 'additions'])

/** A construct of a schema that the editor cannot edit. */
export class NotUnderstood extends Error {
  constructor(path: string, what: string) {
    super(`${path}: ${what}`)
  }
}

const node = (value: unknown) => value as SchemaNode
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The node with what it refers to laid under it. */
function resolved(raw: SchemaNode, common: SchemaNode, path: string): SchemaNode {
  const reference = text(raw.$ref)
  if (!reference) return raw
  const name = /#\/\$defs\/(\w+)$/.exec(reference)?.[1]
  const named = name ? (node(common.$defs)[name] as SchemaNode | undefined) : undefined
  if (!named) throw new NotUnderstood(path, reference)
  const { $ref: _, ...rest } = raw
  return { ...resolved(named, common, path), ...rest, 'x-name': name }
}

function pickOf(at: SchemaNode): Pick | undefined {
  const kind = text(at['x-pick'])
  return kind === undefined ? undefined : { kind, of: text(at['x-of']), free: at['x-free'] === true, system: at['x-system'] === true }
}

/** Reads a kind's schema into what the editor edits; throws where it does not understand. */
export function shapeOf(schema: SchemaNode, common: SchemaNode, path = ''): Shape {
  const at = resolved(schema, common, path)
  for (const keyword of Object.keys(at)) if (!understood.has(keyword) && keyword !== 'x-name') throw new NotUnderstood(path, keyword)
  const format = text(at['x-format'])
  if (format && !formats.has(format)) throw new NotUnderstood(path, `x-format ${format}`)
  const title = (at['x-title'] ?? {}) as Label
  return { title, ...bare(at, common, path, format) } as Shape
}

type Bare = Shape extends infer S ? (S extends Titled ? Omit<S, 'title'> : never) : never

function bare(at: SchemaNode, common: SchemaNode, path: string, format: string | undefined): Bare {
  if (at['x-name'] === 'label') return { kind: 'label', long: at['x-long'] === true }
  if (format === 'hours') return { kind: 'hours' }
  if (format === 'values' || format === 'additions') return { kind: 'values', many: format === 'additions' }
  if (format === 'scope') return { kind: 'scope', titles: titlesOf(at) }
  if (at['x-expression'] === true) return { kind: 'expression' }
  if (Array.isArray(at.enum)) return { kind: 'choice', options: at.enum as string[], titles: titlesOf(at), colors: false }
  if (Array.isArray(at.anyOf)) return { kind: 'either', options: (at.anyOf as SchemaNode[]).map((one, i) => shapeOf(one, common, `${path}|${i}`)) }
  switch (at.type) {
    case 'object':
      return objectOf(at, common, path, format)
    case 'array':
      if (isRange(at)) return { kind: 'hours' }
      return { kind: 'list', item: shapeOf(node(at.items), common, `${path}[]`), max: number(at.maxItems) }
    case 'string':
      return textOf(at, format)
    case 'integer':
    case 'number':
      return { kind: 'number', min: number(at.minimum), max: number(at.maximum) }
    case 'boolean':
      return { kind: 'boolean' }
    case undefined:
      return { kind: 'any', plain: false }
  }
  if (Array.isArray(at.type)) return { kind: 'any', plain: !at.type.some((type) => type === 'array' || type === 'object') }
  throw new NotUnderstood(path, `type ${String(at.type)}`)
}

/** A list of pairs of times. */
function isRange(at: SchemaNode): boolean {
  const item = node(at.items ?? {})
  return item.type === 'array' && item.minItems === 2 && item.maxItems === 2
}

const titlesOf = (at: SchemaNode) => (at['x-choices'] ?? {}) as Record<string, Label>

function textOf(at: SchemaNode, format: string | undefined): Bare {
  if (format === 'color') return { kind: 'choice', options: Object.keys(titlesOf(at)), titles: titlesOf(at), colors: true }
  return {
    kind: 'text',
    long: at['x-long'] === true,
    pattern: text(at.pattern),
    maxLength: number(at.maxLength),
    format: format === 'date' || format === 'sort' ? format : undefined,
    pick: pickOf(at),
    titles: at['x-choices'] ? titlesOf(at) : undefined,
  }
}

function objectOf(at: SchemaNode, common: SchemaNode, path: string, format: string | undefined): Bare {
  if (at.properties) {
    const required = (at.required ?? []) as string[]
    const properties = Object.entries(node(at.properties)).map(([name, one]) => ({ name, required: required.includes(name), shape: shapeOf(node(one), common, path ? `${path}.${name}` : name) }))
    return format === 'duration' ? { kind: 'duration', properties } : { kind: 'object', properties, exactlyOne: at.maxProperties === 1 }
  }
  if (at.additionalProperties && typeof at.additionalProperties === 'object') {
    const keys = at['x-keys'] ? pickOf(node(at['x-keys'])) : undefined
    return { kind: 'map', keys, keyPattern: text(node(at.propertyNames ?? {}).pattern), value: shapeOf(node(at.additionalProperties), common, `${path}{}`) }
  }
  return { kind: 'any', plain: false }
}

/** What a title is in a language, else in any. */
export const inLanguage = (label: Label | undefined, language: string): string => label?.[language] || label?.['zh-CN'] || label?.en || Object.values(label ?? {})[0] || ''

/** What a new value of a shape begins as. */
export function blankOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'object':
      return Object.fromEntries(shape.properties.filter(({ required, name }) => required && name !== 'id').map(({ name, shape: inner }) => [name, blankOf(inner)]))
    case 'list':
    case 'hours':
      return []
    case 'map':
    case 'values':
    case 'label':
      return {}
    case 'duration':
      return { hours: 1 }
    case 'number':
      return shape.min ?? 0
    case 'boolean':
      return false
    case 'choice':
      return shape.options[0] ?? ''
    case 'either':
      return blankOf(shape.options[0])
    case 'any':
      return null
    default:
      return ''
  }
}
