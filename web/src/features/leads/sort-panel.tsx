import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { isSortable } from '@/fields/field-list'
import { IconButton } from '@/ui/icon-button'
import { sortKeys, sortText } from './list-plan'
import css from './panels.module.css'

interface Props {
  fields: Field[]
  sort: string
  onSort: (sort: string) => void
}

/** The levels of the order, the first one deciding first. */
export function SortPanel({ fields, sort, onSort }: Props) {
  const { t } = useTranslation('leads')
  const sorted = sortKeys(sort)
  const sortable = fields.filter(isSortable)
  const free = sortable.filter(({ name }) => !sorted.some((key) => key.name === name))
  return (
    <div className={css.panel}>
      <ol className={css.list} aria-label={t('sort')}>
        {sorted.map((key, at) => {
          const label = fields.find(({ name }) => name === key.name)?.label ?? key.name
          const Arrow = key.descending ? ArrowDown : ArrowUp
          return (
            <li key={key.name}>
              <span className={css.grow}>
                {at + 1}. {label}
              </span>
              <IconButton label={`${label}: ${t(key.descending ? 'sortDescending' : 'sortAscending')}`} onClick={() => onSort(sortText(sorted.with(at, { ...key, descending: !key.descending })))}>
                <Arrow size={16} aria-hidden="true" />
              </IconButton>
              <IconButton label={t('sortRemove', { name: label })} disabled={sorted.length === 1} onClick={() => onSort(sortText(sorted.toSpliced(at, 1)))}>
                <X size={16} aria-hidden="true" />
              </IconButton>
            </li>
          )
        })}
      </ol>
      <select className={css.select} aria-label={t('sortAdd')} value="" onChange={(event) => onSort(sortText([...sorted, { name: event.currentTarget.value, descending: false }]))}>
        <option value="">{t('sortAdd')}</option>
        {free.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <p className={css.hint}>{t('sortHint')}</p>
    </div>
  )
}
