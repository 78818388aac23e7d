import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { spanOf } from '@/format/span'
import type { FollowUpHealth } from './types'
import css from './longest-overdue.module.css'

/** The records that are overdue for longest, with whose they are and what was said last. */
export function LongestOverdue({ object, items }: { object: string; items: FollowUpHealth['overdue'] }) {
  const { t } = useTranslation('metrics')
  const shape = useObject(object)
  if (items.length === 0) return <p className={css.none}>{t('nobodyOverdue')}</p>
  return (
    <ol className={css.list}>
      {items.map(({ record, overdue_minutes: late, last }) => (
        <li key={record.id}>
          <Link to="/o/$object/$id" params={{ object, id: record.id }} className={css.title}>
            {String((shape && record[shape.title_field]) || t('followUp.nameless'))}
          </Link>
          <span className={css.owner}>{ownerOf(record.owner) || t('unassigned')}</span>
          <span className={css.late}>{late !== undefined && t(`followUp.for.${spanOf(late).unit}`, { count: spanOf(late).count })}</span>
          {last && <span className={css.last}>{last.text}</span>}
        </li>
      ))}
    </ol>
  )
}

function ownerOf(owner: unknown): string {
  return typeof owner === 'object' && owner !== null ? String((owner as { label?: string }).label ?? '') : ''
}
