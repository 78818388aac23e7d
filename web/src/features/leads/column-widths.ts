import type { Field } from '@/api/catalog'
import { isStars } from '@/fields/field-list'

/** Widths in pixels that let a value of a type be read; text takes what is left over. */
const widths: Record<string, number> = {
  number: 72, percent: 72, currency: 130, boolean: 72, date: 120, datetime: 124,
  choice: 96, choices: 160, tags: 180, phone: 130, email: 190, person: 96, reference: 150, auto_number: 110, long_text: 240,
}
const titleWidth = 230
const starsWidth = 76
const usualWidth = 130
const checkWidth = 40
const narrowest = 48
const widest = 1000

/** How wide a text of 12 px is at least: a Chinese letter takes about twice the room of a Latin one. */
const textWidth = (text: string) => [...text].reduce((sum, letter) => sum + (letter.codePointAt(0)! > 0x2e7f ? 12 : 6.5), 0)

/** The room around a choice's label, in its tag and its cell. */
const tagRoom = 38
const widestTag = 200

/** A choice is never cut where its label is of a usual length. */
const choiceWidth = ({ choices = [] }: Field) => Math.min(widestTag, Math.round(tagRoom + Math.max(0, ...choices.map(({ label }) => textWidth(label)))))

/** How wide a column is while nobody resized it. */
export function usualWidthOf(field: Field, titleField: string): number {
  if (field.name === titleField) return titleWidth
  if (isStars(field)) return starsWidth
  const width = widths[field.type] ?? usualWidth
  return field.type === 'choice' ? Math.max(width, choiceWidth(field)) : width
}

/** A width that a column may have. */
export const allowedWidth = (width: number) => Math.round(Math.min(widest, Math.max(narrowest, width)))

/** The columns of a table as CSS takes them, and how wide they are at least; a resized one stays as wide as it was made. */
export function columnWidths(columns: Field[], titleField: string, selectable: boolean, resized: Record<string, number>): { template: string; width: string } {
  const sizes = columns.map((field) => ({ size: resized[field.name] ?? usualWidthOf(field, titleField), fixed: field.name in resized }))
  const check = selectable ? checkWidth : 0
  return {
    template: [...(check ? [`${check}px`] : []), ...sizes.map(({ size, fixed }) => (fixed ? `${size}px` : `minmax(${size}px, ${size}fr)`))].join(' '),
    width: `${check + sizes.reduce((sum, { size }) => sum + size, 0)}px`,
  }
}
