import type { CatalogObject, Field, View } from '@/api/catalog'
import { bothHold } from '@/fields/condition'
import { isStars } from '@/fields/field-list'

/** What a list's address says; all of it may be absent. What differs from the view is what a person changed and has not saved. */
export interface ListSearch {
  view?: string
  /** An expression beside the view's own; with `whole`, instead of it. */
  filter?: string
  whole?: string
  /** `-created_at,company`; instead of the view's own order. */
  sort?: string
  /** `status` or `created_at:month,owner`; `-` for none. */
  group?: string
  /** Names, in their order. */
  columns?: string
  /** `company:300,phone:120` in pixels. */
  widths?: string
  density?: string
}

/** How high rows are. */
export type Density = 'standard' | 'compact'

/** What a view looks like beside its filter. */
export interface Layout {
  filter: string
  sort: string
  group: string
  columns: string[]
  widths: Record<string, number>
  density: Density
}

/** Who finds a view: everybody, the reader alone, or his department. */
export type Share = 'everyone' | 'own' | 'team'

/** A view with its place among the others and what may be done with it. */
export interface ListView extends View {
  position?: number
  group?: string
  widths?: Record<string, number>
  density?: string
  share?: Share
  team?: { id: string; label?: string } | null
  owner?: { id: string; label?: string } | null
  canChange?: boolean
  /** Whether its filter needs what the reader may not see. */
  refused?: boolean
}

/** The view of everything, for objects that have none of their own. */
export const wholeName = 'all'

const isWhole = (view: ListView) => !view.filter?.trim() && !view.refused && (view.share ?? 'everyone') === 'everyone'

/** All views of an object in the reader's order; one of everything is always among them. */
export function viewsOf(object: Pick<CatalogObject, 'views'>, wholeLabel: string, saved: ListView[] = [], order: string[] = []): ListView[] {
  const shared = (object.views as ListView[]).toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  const whole: ListView[] = shared.some(isWhole) ? [] : [{ name: wholeName, label: wholeLabel, filter: '', sort: '-created_at', columns: shared[0]?.columns ?? [] }]
  const all = [...shared, ...whole, ...saved]
  const place = (view: ListView) => (order.includes(view.name) ? order.indexOf(view.name) : order.length)
  return order.length === 0 ? all : all.toSorted((a, b) => place(a) - place(b))
}

const aboutReader = /\bME\s*\(/i

/** The view that an address means: the one it names, undefined where the reader has none of that name; everything, where it brings a filter, so that a number opens just what it counted; else the one that he begins with, or the first. Views of one's own work are no start for those who have none. */
export function viewOf(views: ListView[], search: ListSearch, worksLeads: boolean, preferred = ''): ListView | undefined {
  const whole = views.find(isWhole) ?? views[0]
  if (search.view) return views.find(({ name }) => name === search.view)
  if (search.filter) return whole
  const usable = views.filter(({ refused }) => !refused)
  return usable.find(({ name }) => name === preferred) ?? usable.find(({ filter, share = 'everyone' }) => share === 'everyone' && (worksLeads || !aboutReader.test(filter ?? ''))) ?? whole
}

/** The widths that an address tells. */
export function readWidths(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => part.split(':'))
  return Object.fromEntries(pairs.flatMap(([name, width]) => (name && Number(width) > 0 ? [[name, Math.round(Number(width))]] : [])))
}

export const widthsText = (widths: Record<string, number>): string => Object.entries(widths).map(([name, width]) => `${name}:${Math.round(width)}`).join(',')

/** What a view shows with what the address changes of it. */
export function layoutOf(view: ListView, search: ListSearch): Layout {
  const density = search.density || view.density
  const filter = search.filter ?? ''
  return {
    filter: search.whole ? filter : bothHold(filter, view.filter ?? ''),
    sort: search.sort || view.sort || '-created_at',
    group: search.group === '-' ? '' : search.group || view.group || '',
    columns: search.columns ? search.columns.split(',') : (view.columns ?? []),
    widths: { ...view.widths, ...readWidths(search.widths ?? '') },
    density: density === 'compact' ? 'compact' : 'standard',
  }
}

/** Whether something was changed that could be saved. */
export function isModified(view: ListView, search: ListSearch): boolean {
  const now = layoutOf(view, search)
  const saved = layoutOf(view, {})
  return (Object.keys(now) as (keyof Layout)[]).some((name) => JSON.stringify(now[name]) !== JSON.stringify(saved[name]))
}

/** The address of a view whose whole filter is this one. */
export function withFilter(view: ListView, search: ListSearch, filter: string): ListSearch {
  const own = view.filter?.trim() ?? ''
  const said = filter.trim()
  const rest: ListSearch = { ...search, view: view.name, filter: undefined, whole: undefined }
  if (said === own) return rest
  return own ? { ...rest, filter: said, whole: '1' } : { ...rest, filter: said }
}

/** What is asked of the server. */
export interface Question {
  filter: string
  sort: string
  fields: string[]
}

/** One level of an order. */
export interface SortKey {
  name: string
  descending: boolean
}

/** The levels of an order. */
export const sortKeys = (sort: string): SortKey[] =>
  sort
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => (part.startsWith('-') ? { name: part.slice(1), descending: true } : { name: part, descending: false }))

export const sortText = (keys: SortKey[]): string => keys.map(({ name, descending }) => (descending ? `-${name}` : name)).join(',')

/** The first key of an order. */
export const sortKey = (sort: string): SortKey => sortKeys(sort)[0] ?? { name: '', descending: false }

/** The order after a click on a column; with `beside`, the others stay and it becomes a further level, turns, then leaves. */
export function sortAfter(sort: string, name: string, beside = false): string {
  const keys = sortKeys(sort)
  const at = keys.findIndex((key) => key.name === name)
  if (!beside) return keys[0]?.name === name && !keys[0].descending ? `-${name}` : name
  if (at < 0) return sortText([...keys, { name, descending: false }])
  if (!keys[at].descending) return sortText(keys.with(at, { name, descending: true }))
  return sortText(keys.length > 1 ? keys.toSpliced(at, 1) : [{ name, descending: false }])
}

/** One level of a grouping: a field, and of a moment its calendar step. */
export interface GroupLevel {
  name: string
  step?: string
}

export const groupSteps = ['day', 'week', 'month', 'year']

export const groupLevels = (group: string): GroupLevel[] =>
  group
    .split(',')
    .map((part) => part.trim().split(':'))
    .flatMap(([name, step]) => (name ? [{ name, step }] : []))

export const groupText = (levels: GroupLevel[]): string => levels.map(({ name, step }) => (step ? `${name}:${step}` : name)).join(',')

const lists = new Set(['tags', 'choices', 'long_text', 'currency'])

/** Whether records can be grouped by a field. */
export const isGroupable = ({ type }: Pick<Field, 'type'>): boolean => !lists.has(type)
export const isMoment = ({ type }: Pick<Field, 'type'>): boolean => type === 'date' || type === 'datetime'

/** How many columns stand where no view says which. */
const usualColumns = 8

/** The columns that are shown: the title first, what the reader may not see left out. */
export function columnsOf(object: CatalogObject, chosen: string[], fields: Field[]): Field[] {
  const usual = object.fields.filter(({ type }) => type !== 'long_text').slice(0, usualColumns).map(({ name }) => name)
  const names = chosen.length > 0 ? chosen : [...usual, 'created_at']
  const all = [object.title_field, ...names.filter((name) => name !== object.title_field)]
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
