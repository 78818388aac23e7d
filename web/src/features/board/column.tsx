import { Link } from '@tanstack/react-router'
import { EllipsisVertical } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject, Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import { isBlank, type FlatRecord } from '@/fields/field-list'
import type { Formats } from '@/fields/formats'
import { IconButton } from '@/ui/icon-button'
import { Menu } from '@/ui/menu'
import { Monogram } from '@/ui/monogram'
import { daysSince, type Move } from './move'
import { useColumn } from './queries'
import type { BoardColumn } from './types'
import css from './board.module.css'

export interface CardPlan {
  fields: Field[]
  formats: Formats
  now: number
  sum?: Field
}

interface Props {
  object: CatalogObject
  column: BoardColumn
  columns: BoardColumn[]
  filter: string
  sort: string
  plan: CardPlan
  /** Whether a card is held above it. */
  over: boolean
  onMove: (move: Move) => void
}

/** One choice with its cards; a card that is let go here moves here. */
export function Column({ object, column, columns, filter, sort, plan, over, onMove }: Props) {
  const { t } = useTranslation('board')
  const list = useColumn(object.name, column, filter, sort)
  return (
    <section className={css.column} aria-label={`${column.label || t('blank')} ${column.count}`} data-choice={column.choice} data-over={over || undefined}>
      <header className={css.columnHead}>
        <h2>
          <span className={css.dot} data-color={column.color} />
          {column.label || t('blank')} <span className={css.count}>{column.count}</span>
        </h2>
        <p>{plan.sum && column.sums.map((sum, n) => <Cell key={n} field={plan.sum as Field} value={sum} formats={plan.formats} now={plan.now} />)}</p>
      </header>
      <ul className={css.cards}>
        {list.rows.map((row) => (
          <Card key={row.id} object={object} row={row} column={column} columns={columns} plan={plan} onMove={onMove} />
        ))}
      </ul>
      {list.ready && list.rows.length === 0 && <p className={css.empty}>{t('empty')}</p>}
      {list.more && (
        <button type="button" className={css.more} disabled={list.loading} onClick={list.load}>
          {t('more', { count: column.count - list.rows.length })}
        </button>
      )}
    </section>
  )
}

type CardProps = Omit<Props, 'filter' | 'sort' | 'over'> & { row: FlatRecord }

const Card = memo(function Card({ object, row, column, columns, plan, onMove }: CardProps) {
  const { t } = useTranslation('board')
  const title = String(row[object.title_field] ?? '') || t('untitled')
  const days = daysSince(row.stage_since, plan.now)
  const shown = plan.fields.filter(({ name }) => name !== 'stage_since' && !isBlank(row[name]))
  const entries = columns
    .filter(({ choice }) => choice !== column.choice && choice !== '')
    .map(({ choice, label }) => ({ label: t('moveTo', { to: label }), onSelect: () => onMove({ id: row.id, from: column.choice, to: choice }) }))
  return (
    <li className={css.card} data-card={row.id} data-from={column.choice} data-movable={object.can.update || undefined}>
      <div className={css.cardHead}>
        <Link to="/o/$object/$id" params={{ object: object.name, id: row.id }} draggable={false}>
          <Monogram name={title} />
          <span>{title}</span>
        </Link>
        {object.can.update && (
          <Menu
            entries={entries}
            trigger={(props) => (
              <IconButton label={t('move', { title })} size={32} {...props}>
                <EllipsisVertical size={16} />
              </IconButton>
            )}
          />
        )}
      </div>
      <dl className={css.facts}>
        {shown.map((field) => (
          <div key={field.name}>
            <dt className="visually-hidden">{field.label}</dt>
            <dd>
              <Cell field={field} value={row[field.name]} formats={plan.formats} now={plan.now} due={field.name === 'next_due'} />
            </dd>
          </div>
        ))}
        {days !== undefined && !column.closes && (
          <div>
            <dt className="visually-hidden">{t('since')}</dt>
            <dd className={css.days}>{t('days', { count: days })}</dd>
          </div>
        )}
      </dl>
    </li>
  )
})
