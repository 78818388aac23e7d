import { useQueries, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { valueAt, type Body, type Path } from './document'
import { documentQuery, useDocument, useKinds, useMyDraft } from './queries'
import { inLanguage, type Label, type Pick } from './shape'
import type { Kind } from './types'

/** One thing that a text may name. */
export interface Option {
  name: string
  label: string
  /** What it is called in any language, where that is known. */
  also?: string[]
}

/** A field of an object, as its document tells it. */
export interface FieldOption extends Option {
  type: string
  choices: Option[]
}

interface FieldBody {
  name: string
  label?: Label
  type: string
  choices?: { name: string; label?: Label; retired?: boolean }[]
}

/** The fields that an object's document holds, in its order. */
export function fieldsOf(body: Body | undefined, language: string): FieldOption[] {
  const fields = (body?.fields ?? []) as FieldBody[]
  return fields.map((field) => ({
    name: field.name,
    label: inLanguage(field.label, language) || field.name,
    also: Object.values(field.label ?? {}),
    type: field.type,
    choices: (field.choices ?? []).filter(({ retired }) => !retired).map(({ name, label }) => ({ name, label: inLanguage(label, language) || name, also: Object.values(label ?? {}) })),
  }))
}

/** The fields of an object as they will be; of the one that is being edited, as it is written. */
export function useFields(work: { kind: string; name: string; body: Body; language: string }, object: string): FieldOption[] {
  const own = work.kind === 'object' && object === work.name
  const other = useDocument('object', object, !own && object !== '' && object !== '*').data?.body
  const kinds = useKinds()
  const body = own ? work.body : other
  return [...fieldsOf(body, work.language), ...furtherFields(kinds, object)]
}

/** The objects that a document names, in its order. */
export function objectsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Object.entries(value).flatMap(([key, one]) => (key === 'object' && typeof one === 'string' && one !== '' ? [one] : objectsIn(one)))
  return [...new Set(own)]
}

/** The fields of several objects, as they will be. */
export function useFieldsOf(objects: string[], language: string): Map<string, FieldOption[]> {
  const draft = useMyDraft()
  const kinds = useKinds()
  const held = useQueries({ queries: draft === undefined ? [] : objects.map((name) => documentQuery('object', name, draft?.id)) })
  return new Map(objects.map((name, at) => [name, [...fieldsOf(held[at]?.data?.body, language), ...furtherFields(kinds, name)]]))
}

/** Fields of any object by their names; one that several have is called as each of them calls it. */
export function byName(fields: FieldOption[]): Option[] {
  const labels = new Map<string, Set<string>>()
  for (const { name, label } of fields) labels.set(name, (labels.get(name) ?? new Set()).add(label))
  return [...labels].map(([name, all]) => ({ name, label: [...all].slice(0, 3).join(' / ') }))
}

/** Fields of whatever objects there are: where a document names some, the references that lead from one to another. */
function useAnyField(body: Body, language: string, wanted: boolean): Option[] {
  const kinds = useKinds()
  const named = objectsIn(body)
  const objects = named.length > 0 ? named : (kinds?.find(({ kind }) => kind === 'object')?.items.map(({ name }) => name) ?? [])
  const fields = [...useFieldsOf(wanted ? objects : [], language).values()].flat()
  return byName(fields.filter(({ type }) => named.length === 0 || type === 'reference'))
}

/** The fields that have a document of their own. */
function furtherFields(kinds: Kind[] | undefined, object: string): FieldOption[] {
  const documents = kinds?.find(({ kind }) => kind === 'field')?.items ?? []
  return documents.filter((one) => one.object === object).map(({ name, label }) => ({ name: name.slice(name.indexOf('.') + 1), label, type: '', choices: [] }))
}

/** The property of the nearest object around a place; "@key" is the nearest free key. */
export function beside(body: Body, path: Path, property: string): string {
  if (property === '@key') return String(path.at(-2) ?? '')
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const value = valueAt(body, [...path.slice(0, depth), property])
    if (typeof value === 'string' && value) return value
  }
  return ''
}

/** The object whose fields a place names. */
export function objectOf(work: { kind: string; name: string; body: Body }, pick: Pick | undefined, path: Path): string {
  if (pick?.kind === 'field' && pick.of) return beside(work.body, path, pick.of)
  if (work.kind === 'object') return work.name
  if (pick?.kind === 'choice') return beside(work.body, path, 'object')
  return typeof work.body.object === 'string' ? work.body.object : ''
}

interface Named {
  id: string
  name: string
  email?: string
}

export function useNamed(path: 'users' | 'departments', wanted: boolean): Named[] {
  const { data } = useQuery({
    queryKey: [...keys.people, path, 'setup'],
    queryFn: async () => (await call<{ items: Named[] }>('GET', `/${path}`, { query: path === 'users' ? { limit: '500' } : {} })).items,
    enabled: wanted,
    staleTime: 60_000,
  })
  return data ?? []
}

/** The fields that every record has. */
export const systemFields = ['created_at', 'updated_at', 'created_by']

/** Those who are told by what they are to the record. */
export const simpleRecipients = ['owner', 'leader', 'creator']

/** What a text may name, in the reader's words. */
export function useOptions(work: { kind: string; name: string; body: Body; language: string }, pick: Pick | undefined, path: Path): Option[] {
  const { t } = useTranslation('setup')
  const kinds = useKinds()
  const object = pick && ['field', 'choice', 'event'].includes(pick.kind) ? objectOf(work, pick, path) : ''
  const fields = useFields(work, object)
  const users = useNamed('users', pick?.kind === 'person' || pick?.kind === 'recipient')
  const anyField = useAnyField(work.body, work.language, pick?.kind === 'any-field')
  const departments = useNamed('departments', pick?.kind === 'department')
  const documents = (kind: string) => kinds?.find((one) => one.kind === kind)?.items.map(({ name, label }) => ({ name, label })) ?? []
  if (!pick) return []
  switch (pick.kind) {
    case 'field':
      return [...fields, ...(pick.system ? systemFields.map((name) => ({ name, label: t(`system.${name}`) })) : [])]
    case 'any-field':
      return anyField
    case 'choice':
      return fields.find(({ name }) => name === beside(work.body, path, pick.of ?? ''))?.choices ?? []
    case 'person':
      return users.map(({ id, name, email }) => ({ name: email ?? id, label: name }))
    case 'department':
      return departments.map(({ name }) => ({ name, label: name }))
    case 'event':
      return fields.map(({ name, label }) => ({ name: `changed:${name}`, label: t('changedField', { field: label }) }))
    case 'recipient':
      return [
        ...simpleRecipients.map((name) => ({ name, label: t(`recipient.${name}`) })),
        ...documents('role').map(({ name, label }) => ({ name: `role:${name}`, label: t('recipient.role', { label }) })),
        ...documents('robot').map(({ name, label }) => ({ name: `robot:${name}`, label: t('recipient.robot', { label }) })),
        ...users.map(({ id, name, email }) => ({ name: `user:${email ?? id}`, label: name })),
      ]
    case 'right':
      return []
    default:
      return documents(pick.kind)
  }
}
