import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { isSortable } from '@/fields/field-list'
import { IconButton } from '@/ui/icon-button'
import { sortAfter, sortKey } from './list-plan'
import css from './list-page.module.css'

interface Props {
  columns: Field[]
  sort: string
  onSort: (sort: string) => void
}

/** The order, for cards, which have no column heads to click. */
export function SortChoice({ columns, sort, onSort }: Props) {
  const { t } = useTranslation('leads')
  const { name, descending } = sortKey(sort)
  const sortable = columns.filter(isSortable)
  const known = sortable.some((field) => field.name === name)
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <div className={css.sort}>
      <select aria-label={t('sort')} value={known ? name : ''} onChange={(event) => onSort(event.currentTarget.value)}>
        {!known && <option value="">{t('sortPlain')}</option>}
        {sortable.map((field) => (
          <option key={field.name} value={field.name}>
            {field.label}
          </option>
        ))}
      </select>
      {known && (
        <IconButton label={t(descending ? 'sortDescending' : 'sortAscending')} size={44} onClick={() => onSort(sortAfter(sort, name))}>
          <Arrow size={18} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  )
}
