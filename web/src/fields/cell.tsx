import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Choice, Field } from '@/api/catalog'
import { isBlank, isStars } from './field-list'
import type { Formats } from './formats'
import css from './cell.module.css'

interface Props {
  field: Field
  value: unknown
  formats: Formats
  /** Business time in milliseconds, to the minute, so that cells rest in between. */
  now: number
  /** Whether the instant is a deadline, which can be missed. */
  due?: boolean
}

/** A value in a list: plain elements only, since hundreds stand in a scrolling table. A type not known here shows what came. */
export const Cell = memo(function Cell({ field, value, formats, now, due = false }: Props) {
  if (isBlank(value)) return null
  if (isStars(field)) return <Stars count={Number(value)} />
  switch (field.type) {
    case 'choice':
      return <Tag choice={field.choices?.find(({ name }) => name === value)} name={String(value)} />
    case 'choices':
      return (value as unknown[]).map((one) => <Tag key={String(one)} choice={field.choices?.find(({ name }) => name === one)} name={String(one)} />)
    case 'tags':
      return (value as unknown[]).map((one) => <Tag key={String(one)} name={String(one)} />)
    case 'datetime':
      return due ? <Due at={String(value)} formats={formats} now={now} /> : <time dateTime={String(value)} title={formats.exact(String(value))}>{formats.relative(String(value), now)}</time>
    case 'date':
      return <time dateTime={String(value)}>{formats.day(String(value))}</time>
    case 'boolean':
      return <Flag on={value === true} />
    default:
      return <span title={typeof value === 'string' ? value : undefined}>{plainText(field, value, formats)}</span>
  }
})

/** A value that needs neither colour nor clock, as text. */
function plainText(field: Field, value: unknown, formats: Formats): string {
  const part = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  switch (field.type) {
    case 'currency':
      return formats.money(String(part.amount), String(part.currency ?? ''))
    case 'number':
      return formats.number(String(value))
    case 'phone':
      return formats.phone(String(value))
    case 'percent':
      return `${formats.number(String(value))} %`
    case 'person':
    case 'reference':
      return String(part.label ?? part.id ?? value)
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

const colors = new Set(['pink', 'blue', 'violet', 'indigo', 'teal', 'green', 'gray', 'red', 'orange', 'amber'])

/** A choice in its colour; one without a colour, and a free tag, is gray. */
function Tag({ choice, name }: { choice?: Choice; name: string }) {
  const color = choice?.color && colors.has(choice.color) ? choice.color : 'gray'
  return (
    <span className={css.tag} data-color={color}>
      {choice?.label ?? name}
    </span>
  )
}

/** How many stars there are to be had. */
const most = 3

export function Stars({ count }: { count: number }) {
  const { t } = useTranslation('fields')
  const full = Math.max(0, Math.min(most, count))
  return (
    <span className={css.stars} role="img" aria-label={t('stars', { count })}>
      {'★'.repeat(full)}
      <span>{'★'.repeat(most - full)}</span>
    </span>
  )
}

function Due({ at, formats, now }: { at: string; formats: Formats; now: number }) {
  const { t } = useTranslation('fields')
  const late = new Date(at).getTime() < now
  return (
    <time className={css.due} data-late={late || undefined} dateTime={at} title={formats.exact(at)}>
      {t(late ? 'due.late' : 'due.left', { span: formats.span(at, now) })}
    </time>
  )
}

function Flag({ on }: { on: boolean }) {
  const { t } = useTranslation('fields')
  return <>{t(on ? 'yes' : 'no')}</>
}
