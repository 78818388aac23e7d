import { useQueries } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '@/api/call'
import type { CatalogObject } from '@/api/catalog'
import { keys } from '@/api/keys'

/** A record that the palette found. */
export interface Found {
  object: string
  /** The object's name in words. */
  kind: string
  id: string
  label: string
}

/** How long typing must rest, in milliseconds, before the server is asked. */
const rest = 200
const perObject = 5
const searched = ['lead', 'contact', 'company', 'project', 'ticket']

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** The filter for what was typed: part of the title, or of the phone when there are digits enough. */
export function findFilter({ title_field: title, fields }: Pick<CatalogObject, 'title_field' | 'fields'>, typed: string): string {
  const digits = typed.replaceAll(/[\s-]/g, '')
  const phone = /^\+?\d{4,}$/.test(digits) && fields.find(({ type }) => type === 'phone')
  const byTitle = `CONTAINS(${title}, ${quoted(typed)})`
  return phone ? `${byTitle} OR CONTAINS(${phone.name}, ${quoted(digits)})` : byTitle
}

/** A value once it has rested. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), rest)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

/** The readable records whose title or phone holds what was typed; none for less than two characters. */
export function useFoundRecords(objects: CatalogObject[], typed: string): Found[] {
  const wanted = useRested(typed.trim())
  const within = objects.filter(({ name, can, fields, title_field: title }) => searched.includes(name) && can.read && fields.some((field) => field.name === title && field.type === 'text'))
  const answers = useQueries({
    queries: within.map((object) => {
      const query = { filter: findFilter(object, wanted), limit: String(perObject), fields: object.title_field }
      return {
        queryKey: keys.list(object.name, query),
        queryFn: () => call<{ items: ({ id: string } & Record<string, unknown>)[] }>('GET', `/records/${object.name}`, { query }),
        enabled: [...wanted].length >= 2,
        retry: false,
      }
    }),
  })
  return answers.flatMap(({ data }, at) => (data?.items ?? []).map((record) => ({ object: within[at].name, kind: within[at].label, id: record.id, label: String(record[within[at].title_field] ?? '') })))
}
