import { Link } from '@tanstack/react-router'
import { Swords } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { momentText } from '@/format/moment'
import { dateFormat } from '@/format/intl'
import { phoneText } from '@/format/phone'
import { spanOf } from '@/format/span'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { Monogram } from '@/ui/monogram'
import { notifyFailure } from '@/ui/notify'
import { useClaim } from './queries'
import { useReader } from './reader'
import type { HomeItem, Said } from './types'
import css from './home.module.css'

interface Props {
  object: string
  /** What is known of the object; undefined until it is. */
  shape?: CatalogObject
  item: HomeItem
  /** What the reader does with it; nothing where others do it. */
  action?: 'follow_up' | 'claim'
}

/** A record that waits: who it is, what was said last, until when, and what to do. */
export function Item({ object, shape, item: { record, last, earlier = [], mentions = [], ...item }, action }: Props) {
  const { t, i18n } = useTranslation('home')
  const title = (shape && textOf(record, shape, shape.title_field, i18n.language)) || t('nameless')
  return (
    <li className={css.item}>
      <div className={css.who}>
        <Link to="/o/$object/$id" params={{ object, id: record.id }} className={css.title}>
          <Monogram name={title} />
          {title}
        </Link>
        {shape && <Facts record={record} shape={shape} />}
      </div>
      <div className={css.said}>
        <p className={css.last}>{last ? <LastSaid {...last} /> : <span>{t('nothingSaid')}</span>}</p>
        <Mentions mentions={mentions} />
        {earlier.length > 0 && <Earlier said={earlier} title={title} />}
      </div>
      <Due {...item} />
      <div className={css.buttons}>
        {action === 'claim' && <ClaimButton object={object} id={record.id} title={title} />}
        {action && (
          <ButtonLink to="/o/$object/$id" params={{ object, id: record.id }} hash="follow-up" variant={action === 'claim' ? 'default' : 'light'} aria-label={t('followUpOf', { title })}>
            {t('followUp')}
          </ButtonLink>
        )}
      </div>
    </li>
  )
}

/** A field of the record as text; a choice by its label, a day as the language writes it. */
function textOf(record: HomeItem['record'], shape: CatalogObject, name: string, language: string): string {
  const value = record[name]
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return String((value as { label?: string }).label ?? '')
  const field = shape.fields.find((one) => one.name === name)
  if (field?.type === 'date') return dateFormat(language, { timeZone: 'UTC', dateStyle: 'medium' }).format(new Date(`${String(value)}T00:00:00Z`))
  return field?.choices?.find((one) => one.name === value)?.label ?? String(value)
}

/** The fields that tell in a line what a record is about, where its object has them. */
const facts = ['contact', 'source', 'product', 'company', 'serial', 'priority', 'ends_on']

function Facts({ record, shape }: { record: HomeItem['record']; shape: CatalogObject }) {
  const { i18n } = useTranslation('home')
  const read = (name: string) => textOf(record, shape, name, i18n.language)
  const phone = read('phone')
  const texts = facts.map(read).filter((text) => text && text !== read(shape.title_field))
  return (
    <span className={css.facts}>
      {texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
      {phone && <Phone phone={phone} />}
    </span>
  )
}

/** A number to dial; the demo company calls nobody. */
function Phone({ phone }: { phone: string }) {
  const { dials } = useReader()
  if (!dials) return <span>{phoneText(phone)}</span>
  return (
    <a href={`tel:${phone}`} className={css.phone}>
      {phoneText(phone)}
    </a>
  )
}

/** What was said before the last, one tap away. */
function Earlier({ said, title }: { said: Said[]; title: string }) {
  const { t } = useTranslation('home')
  return (
    <details className={css.earlier}>
      <summary>
        {t('earlier', { count: said.length })}
        <span className="visually-hidden">{t('earlierOf', { title })}</span>
      </summary>
      <ul>
        {said.map((one) => (
          <li key={one.at + one.text}>
            <LastSaid {...one} />
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Which competitors the customer named, and how often. */
function Mentions({ mentions }: { mentions: { value: string; count: number }[] }) {
  const { t } = useTranslation('home')
  if (mentions.length === 0) return null
  return (
    <p className={css.mentions}>
      <Swords size={13} aria-hidden />
      <span>{t('mentions')}</span>
      {mentions.map(({ value, count }) => (
        <b key={value}>{count > 1 ? `${value} ×${count}` : value}</b>
      ))}
    </p>
  )
}

function LastSaid({ at, text }: Said) {
  const { i18n } = useTranslation('home')
  const { now, zone } = useReader()
  return (
    <>
      <span>{text}</span> <time dateTime={at}>{momentText(new Date(at), now, zone, i18n.language)}</time>
    </>
  )
}

function Due({ due_at: due, overdue_minutes: late }: { due_at?: string; overdue_minutes?: number }) {
  const { t, i18n } = useTranslation('home')
  const { now, zone } = useReader()
  if (late !== undefined) {
    const { unit, count } = spanOf(late)
    return <span className={css.late}>{t(`late.${unit}`, { count })}</span>
  }
  return <span className={css.due}>{due && t('due', { at: momentText(new Date(due), now, zone, i18n.language) })}</span>
}

function ClaimButton({ object, id, title }: { object: string; id: string; title: string }) {
  const { t } = useTranslation('home')
  const claim = useClaim(object)
  return (
    <Button loading={claim.isPending} aria-label={t('claimOf', { title })} onClick={() => claim.mutate(id, { onError: (error) => notifyFailure(error.message) })}>
      {t('claim')}
    </Button>
  )
}
