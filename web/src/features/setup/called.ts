import type { TFunction } from 'i18next'
import { conditionInWords } from './condition-words'
import type { Body, Caller } from './document'
import { beside, simpleRecipients, systemFields, type FieldOption } from './options'
import type { Kind } from './types'

interface Known {
  body: Body
  /** The fields of the document's object. */
  fields: FieldOption[]
  /** The fields of the other objects that it names. */
  others?: Map<string, FieldOption[]>
  kinds: Kind[] | undefined
  t: TFunction<'setup'>
}

/** How the texts of a document are called by what they stand for; one that stands for nothing known is read as it is. */
export function callerOf({ body, fields, others = new Map(), kinds, t }: Known): Caller {
  const document = (kind: string, name: string) => kinds?.find((one) => one.kind === kind)?.items.find((one) => one.name === name)?.label ?? name
  const field = (name: string) => fields.find((one) => one.name === name)
  const fieldName = (name: string, of?: FieldOption[]) => (of ?? fields).find((one) => one.name === name)?.label ?? (systemFields.includes(name) ? t(`system.${name}`) : name)
  const anyField = (name: string) => field(name)?.label ?? [...others.values()].flat().find((one) => one.name === name)?.label ?? name
  const recipient = (text: string) => {
    if (simpleRecipients.includes(text)) return t(`recipient.${text}`)
    const [kind, ...name] = text.split(':')
    return kind === 'role' || kind === 'robot' ? t(`recipient.${kind}`, { label: document(kind, name.join(':')) }) : name.join(':') || text
  }
  return ({ kind, of = '' }, text, path) => {
    switch (kind) {
      case 'field':
        return fieldName(text, of ? others.get(beside(body, path, of)) : undefined)
      case 'any-field':
        return anyField(text)
      case 'expression':
        return conditionInWords(text, fields)
      case 'choice':
        return field(beside(body, path, of) || of)?.choices.find(({ name }) => name === text)?.label ?? text
      case 'recipient':
        return recipient(text)
      case 'event':
        return text.startsWith('changed:') ? t('changedField', { field: field(text.slice(8))?.label ?? text.slice(8) }) : text
      default:
        return document(kind, text)
    }
  }
}
