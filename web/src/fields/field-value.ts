import { isBlank } from './field-list'
import { formatsOf } from './formats'

/** A field as the catalog tells it. */
export interface FieldShape {
  name: string
  label: string
  type: string
  required: boolean
  read_only: boolean
  scale?: number
  object?: string
  help?: string
  choices?: { name: string; label: string; color?: string }[]
  required_when?: { field: string; choices: string[] }
}

const record = (value: unknown) => (value && typeof value === 'object' ? (value as Record<string, unknown>) : {})
const choiceLabel = (field: FieldShape, name: unknown) => field.choices?.find((choice) => choice.name === name)?.label ?? String(name)

const isDay = (value: unknown) => /^\d{4}-\d\d-\d\d$/.test(String(value)) && !Number.isNaN(Date.parse(`${String(value)}T00:00:00Z`))

/** A value as people read it; a blank one is empty text, an unknown type shows what came, and so does one that is not of its type. */
export function valueText(field: FieldShape, value: unknown, language: string, zone: string): string {
  if (isBlank(value)) return ''
  const formats = formatsOf(language, zone)
  switch (field.type) {
    case 'choice':
      return choiceLabel(field, value)
    case 'choices':
      return (value as unknown[]).map((name) => choiceLabel(field, name)).join(', ')
    case 'tags':
      return (value as unknown[]).join(', ')
    case 'person':
    case 'reference':
      return String(record(value).label ?? record(value).id ?? value)
    case 'currency':
      return record(value).amount === undefined ? String(value) : formats.money(String(record(value).amount), String(record(value).currency ?? ''))
    case 'number':
      return formats.number(String(value))
    case 'phone':
      return formats.phone(String(value))
    case 'date':
      return isDay(value) ? formats.day(String(value)) : String(value)
    case 'percent':
      return `${String(value)} %`
    case 'boolean':
      return value ? '✓' : '✗'
    case 'datetime':
      return Number.isNaN(Date.parse(String(value))) ? String(value) : formats.exact(String(value))
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** The names in a value of several choices. */
export const chosenOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Tags as they are typed, by either keyboard: separated by commas, semicolons or lines. */
export const tagsOf = (text: string): string[] => text.split(/[,\uff0c、;\uff1b\n]/).map((one) => one.trim()).filter(Boolean)

/** A value as the text of its input; several choices are names, one a line. */
export function inputOf(field: FieldShape, value: unknown): string {
  if (isBlank(value)) return ''
  if (field.type === 'currency') return String(record(value).amount ?? '')
  if (field.type === 'person' || field.type === 'reference') return String(record(value).id ?? value)
  if (field.type === 'choices') return chosenOf(value).join('\n')
  if (Array.isArray(value)) return value.join(', ')
  return String(value)
}

/** The text of an input as the API takes it; what cannot be read is the server's to refuse. */
export function valueOf(field: FieldShape, text: string, before: unknown): unknown {
  const said = text.trim()
  if (said === '') return null
  switch (field.type) {
    case 'currency':
      return { amount: said.replaceAll(',', ''), currency: record(before).currency ?? 'CNY' }
    case 'tags':
      return tagsOf(said)
    case 'choices':
      return said.split('\n')
    case 'boolean':
      return said === 'true'
    default:
      return said
  }
}
