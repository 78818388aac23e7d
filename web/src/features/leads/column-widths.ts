import type { Field } from '@/api/catalog'
import { isStars } from '@/fields/field-list'

/** Widths in pixels that let a value of a type be read; text takes what is left over. */
const widths: Record<string, number> = {
  number: 72, percent: 72, currency: 130, boolean: 72, date: 120, datetime: 124,
  choice: 116, choices: 160, tags: 180, phone: 130, email: 190, person: 96, reference: 150, auto_number: 110, long_text: 240,
}
const titleWidth = 230
const starsWidth = 76
const usualWidth = 130
const checkWidth = 40

const widthOf = (field: Field, titleField: string) => (field.name === titleField ? titleWidth : isStars(field) ? starsWidth : (widths[field.type] ?? usualWidth))

/** The columns of a table as CSS takes them, and how wide they are at least. */
export function columnWidths(columns: Field[], titleField: string, selectable: boolean): { template: string; width: string } {
  const sizes = columns.map((field) => widthOf(field, titleField))
  const check = selectable ? checkWidth : 0
  return {
    template: [...(check ? [`${check}px`] : []), ...sizes.map((size) => `minmax(${size}px, ${size}fr)`)].join(' '),
    width: `${check + sizes.reduce((sum, size) => sum + size, 0)}px`,
  }
}
