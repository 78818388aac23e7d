import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import type { FlatRecord } from '@/fields/field-list'
import type { Formats } from '@/fields/formats'
import { CellEditor } from './cell-editor'
import type { Editing, InlineEdit } from './inline-edit'
import css from './record-table.module.css'

/** What all rows of a table have in common. */
export interface RowPlan {
  object: string
  columns: Field[]
  titleField: string
  /** The field that is a deadline. */
  dueField?: string
  selectable: boolean
  /** Whether a cell of a field can be edited where it stands. */
  editable: (field: Field) => boolean
  formats: Formats
  /** Business time in milliseconds, to the minute. */
  now: number
}

interface Props extends RowPlan {
  record: FlatRecord
  index: number
  selected: boolean
  /** The column of the active cell, where it is in this row. */
  active?: string
  /** The cell that is edited, where it is in this row. */
  editing?: Editing
  edit?: InlineEdit
  onDone: (to: 'next' | 'previous' | 'stay') => void
}

/** The element of a line or cell, for the table that says which one is active. */
export const lineID = (id: string) => `line-${id}`
export const cellID = (id: string, field: string) => `cell-${id}-${field}`

/** One record in the table; the table itself listens to clicks and keys. */
export const RecordRow = memo(function RecordRow({ record, index, selected, active, editing, edit, onDone, object, columns, titleField, dueField, selectable, editable, formats, now }: Props) {
  const { t } = useTranslation('leads')
  const name = String(record[titleField] ?? '') || t('unnamed')
  return (
    <div id={lineID(record.id)} data-record={record.id} className={css.row} role="row" aria-rowindex={index + 2} aria-selected={selectable ? selected : undefined} data-active={active !== undefined || undefined}>
      {selectable && (
        <span role="gridcell" className={css.check}>
          <input type="checkbox" tabIndex={-1} checked={selected} readOnly aria-label={t('selectRow', { name })} />
        </span>
      )}
      {columns.map((field) => (
        <span
          key={field.name}
          id={cellID(record.id, field.name)}
          data-field={field.name}
          role="gridcell"
          className={css.cell}
          data-readonly={!editable(field) || undefined}
          data-title={field.name === titleField || undefined}
          data-active={active === field.name || undefined}
          data-editing={editing?.field === field.name || undefined}
        >
          {editing?.field === field.name && edit ? (
            <CellEditor field={field} editing={editing} edit={edit} onDone={onDone} />
          ) : field.name === titleField ? (
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
