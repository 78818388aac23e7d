import type { FlatRecord } from '@/fields/field-list'

interface Listed {
  items: FlatRecord[]
}

const isObject = (data: unknown): data is Record<string, unknown> => typeof data === 'object' && data !== null
const isListed = (data: unknown): data is Listed => isObject(data) && Array.isArray(data.items) && data.items.every((item) => isObject(item))

/** A page with a saved record's new values, in the fields that it shows; the same page where the record is not in it. */
function patchPage(page: Listed, saved: FlatRecord): Listed {
  if (!page.items.some(({ id }) => id === saved.id)) return page
  const known = (item: FlatRecord) => Object.fromEntries(Object.keys(item).flatMap((name) => (name in saved ? [[name, saved[name]]] : [])))
  return { ...page, items: page.items.map((item) => (item.id === saved.id ? { ...item, ...known(item) } : item)) }
}

/** What the cache holds of an object, with a saved record's new values wherever a list shows it. */
export function patchRecords(data: unknown, saved: FlatRecord): unknown {
  if (isListed(data)) return patchPage(data, saved)
  if (isObject(data) && Array.isArray(data.pages)) return { ...data, pages: data.pages.map((page) => (isListed(page) ? patchPage(page, saved) : page)) }
  return data
}
