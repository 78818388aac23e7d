import type { CatalogObject, Field, View } from '@/api/catalog'
import { bothHold } from '@/fields/condition'
import { isStars } from '@/fields/field-list'

/** What a list's address says; all of it may be absent. */
export interface ListSearch {
  view?: string
  /** An expression beside the view's own. */
  filter?: string
  /** `-created_at`; instead of the view's own order. */
  sort?: string
}

/** A view with its place among the others. */
export type PlacedView = View & { position?: number }

/** The view of everything, for objects that have none of their own. */
export const wholeName = 'all'

const isWhole = (view: View) => !view.filter?.trim()

/** An object's views in their order; one of everything is always among them. */
export function viewsOf(object: Pick<CatalogObject, 'views'>, wholeLabel: string): View[] {
  const views = (object.views as PlacedView[]).toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  if (views.some(isWhole)) return views
  return [...views, { name: wholeName, label: wholeLabel, filter: '', sort: '-created_at', columns: views[0]?.columns ?? [] }]
}

const aboutReader = /\bME\s*\(/i

/** The view that an address means: the one it names; everything, where it brings a filter, so that a number opens just what it counted; else the first. Views of one's own work are no start for those who have none. */
export function viewOf(views: View[], search: ListSearch, worksLeads: boolean): View {
  const whole = views.find(isWhole) ?? views[0]
  const named = views.find(({ name }) => name === search.view)
  if (named) return named
  if (search.filter) return whole
  return views.find(({ filter }) => worksLeads || !aboutReader.test(filter ?? '')) ?? whole
}

/** What is asked of the server. */
export interface Question {
  filter: string
  sort: string
  fields: string[]
}

export function questionOf(view: View, search: ListSearch, fields: string[]): Question {
  return { filter: bothHold(search.filter ?? '', view.filter ?? ''), sort: search.sort || view.sort || '-created_at', fields }
}

/** The first key of an order. */
export function sortKey(sort: string): { name: string; descending: boolean } {
  const first = sort.split(',')[0].trim()
  return first.startsWith('-') ? { name: first.slice(1), descending: true } : { name: first, descending: false }
}

/** The order after a click on a column. */
export function sortAfter(sort: string, name: string): string {
  const key = sortKey(sort)
  return key.name === name && !key.descending ? `-${name}` : name
}

/** How many columns stand where no view says which. */
const usualColumns = 8

/** The columns of a view: the title first, what the reader may not see left out. */
export function columnsOf(object: CatalogObject, view: View, fields: Field[]): Field[] {
  const usual = object.fields.filter(({ type }) => type !== 'long_text').slice(0, usualColumns).map(({ name }) => name)
  const names = view.columns?.length ? view.columns : [...usual, 'created_at']
  const all = names.includes(object.title_field) ? names : [object.title_field, ...names]
  return all.flatMap((name) => fields.find((field) => field.name === name) ?? [])
}

/** What a card of an object shows; an object need not have all of it. */
export interface CardPlan {
  title?: Field
  contact?: Field
  stars?: Field
  status?: Field
  due?: Field
  owner?: Field
}

export function cardOf(object: CatalogObject, columns: Field[]): CardPlan {
  const named = (name: string | undefined) => object.fields.find((field) => field.name === name)
  return {
    title: named(object.title_field),
    contact: named('contact') ?? columns.find(({ name, type }) => type === 'text' && name !== object.title_field),
    stars: object.fields.find(isStars),
    status: named('status') ?? columns.find(({ type }) => type === 'choice'),
    due: named(object.follow_up?.next_due_field) ?? columns.find(({ name, type }) => type === 'datetime' && name !== 'created_at'),
    owner: named(object.owner_field ?? 'owner'),
  }
}

/** The API names that a list needs for its columns and cards. */
export function namesFor(columns: Field[], card: CardPlan): string[] {
  const fields = [...columns, ...Object.values(card)] as (Field | undefined)[]
  return [...new Set(fields.flatMap((field) => field?.name ?? []))]
}
