import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { ButtonLink } from '@/ui/button-link'
import css from './list-page.module.css'

interface Props {
  object: CatalogObject
  count?: number
  /** Whether there are more than `count`. */
  countMore?: boolean
  /** Counts them all, which may take a moment. */
  onExact?: () => void
}

/** What the list is of, how many there are, and the way to a new one. */
export function ListHeading({ object, count, countMore = false, onExact }: Props) {
  const { t, i18n } = useTranslation('leads')
  const number = new Intl.NumberFormat(i18n.language).format(count ?? 0)
  return (
    <header className={css.heading}>
      <h1>{object.plural}</h1>
      {count !== undefined && <output className={css.count}>{countMore ? t('countMore', { number }) : t('count', { count, number })}</output>}
      {countMore && onExact && (
        <button type="button" className={css.exact} onClick={onExact}>
          {t('countExactly')}
        </button>
      )}
      {object.can.create && (
        <ButtonLink to="/o/$object/new" params={{ object: object.name }} className={css.create} leftSection={<Plus size={16} aria-hidden="true" />}>
          {t('new', { object: object.label })}
        </ButtonLink>
      )}
    </header>
  )
}
