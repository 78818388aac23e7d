import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import type { FlatRecord } from '@/fields/field-list'
import type { Formats } from '@/fields/formats'
import css from './record-table.module.css'

/** What all rows of a table have in common. */
export interface RowPlan {
  object: string
  columns: Field[]
  titleField: string
  /** The field that is a deadline. */
  dueField?: string
  selectable: boolean
  formats: Formats
  /** Business time in milliseconds, to the minute. */
  now: number
}

interface Props extends RowPlan {
  record: FlatRecord
  index: number
  selected: boolean
  active: boolean
}

/** The element of a row, for the table that says which one is active. */
export const rowID = (id: string) => `row-${id}`

/** One record in the table; the table itself listens to clicks and keys. */
export const RecordRow = memo(function RecordRow({ record, index, selected, active, object, columns, titleField, dueField, selectable, formats, now }: Props) {
  const { t } = useTranslation('leads')
  const name = String(record[titleField] ?? '') || t('unnamed')
  return (
    <div id={rowID(record.id)} data-record={record.id} className={css.row} role="row" aria-rowindex={index + 2} aria-selected={selectable ? selected : undefined} data-active={active || undefined}>
      {selectable && (
        <span role="gridcell" className={css.check}>
          <input type="checkbox" tabIndex={-1} checked={selected} readOnly aria-label={t('selectRow', { name })} />
        </span>
      )}
      {columns.map((field) => (
        <span key={field.name} role="gridcell" className={css.cell} data-title={field.name === titleField || undefined}>
          {field.name === titleField ? (
            <a href={`/o/${object}/${record.id}`} tabIndex={-1}>
              {name}
            </a>
          ) : (
            <Cell field={field} value={record[field.name]} formats={formats} now={now} due={field.name === dueField} />
          )}
        </span>
      ))}
    </div>
  )
})
