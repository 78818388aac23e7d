import type { Field } from '@/api/catalog'
import type { CardPage } from './types'

/** A card on its way from one choice to another. */
export interface Move {
  id: string
  from: string
  to: string
  /** What the choice asks for beside itself: a reason. */
  fields?: Record<string, unknown>
}

/** The card of a column's pages. */
export const cardOf = (pages: CardPage[], id: string) => pages.flatMap(({ items }) => items).find((one) => one.id === id)

/** Both columns' pages once the card has changed places; it comes to lie on top. */
export function moved(from: CardPage[], to: CardPage[], id: string): { from: CardPage[]; to: CardPage[] } {
  const card = cardOf(from, id)
  if (!card || to.length === 0) return { from, to }
  const without = (pages: CardPage[]) => pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) }))
  const [top, ...rest] = without(to)
  return { from: without(from), to: [{ ...top, items: [card, ...top.items] }, ...rest] }
}

/** The fields that a choice of the board asks for and the reader may fill. */
export function askedBy(fields: Field[], group: string, choice: string): Field[] {
  return fields.filter(({ required_when: when, read_only: fixed }) => !fixed && when?.field === group && when.choices.includes(choice))
}

/** The move that takes another back, with the reason that the card had where it was. */
export function takenBack({ id, from, to }: Move, fields: Field[], group: string, was: Record<string, unknown> | undefined): Move {
  const reasons = askedBy(fields, group, from).flatMap(({ name }) => (was?.[name] ? [[name, was[name]] as const] : []))
  return { id, from: to, to: from, ...(reasons.length > 0 && { fields: Object.fromEntries(reasons) }) }
}

/** Whole days since an instant. */
export function daysSince(instant: unknown, now: number): number | undefined {
  if (typeof instant !== 'string') return undefined
  return Math.max(0, Math.floor((now - new Date(instant).getTime()) / 86_400_000))
}
