import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RelatedGroup } from './types'
import css from './record.module.css'

/** The records that refer to this one. */
export function Related({ groups }: { groups: RelatedGroup[] }) {
  const { t } = useTranslation('records')
  const filled = groups.filter(({ records }) => records.length > 0)
  if (filled.length === 0) return null
  return (
    <section className={css.block} aria-label={t('related')}>
      {filled.map(({ object, label, records }) => (
        <div key={object}>
          <h2 className={css.blockTitle}>
            {label} <span className={css.count}>{records.length}</span>
          </h2>
          <ul className={css.links}>
            {records.map((record) => (
              <li key={record.id}>
                <Link to="/o/$object/$id" params={{ object, id: record.id }}>
                  {record.label ?? record.id}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
