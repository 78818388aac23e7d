import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNextRecord } from './queries'

/** The way to whoever waits next on the reader's home. */
export function NextLead({ object, id, titleField }: { object: string; id: string; titleField: string }) {
  const { t } = useTranslation('followup')
  const next = useNextRecord(object, id)
  if (!next) return null
  return (
    <Link to="/o/$object/$id" params={{ object, id: next.id }}>
      {t('next', { name: String(next[titleField] ?? '') })}
    </Link>
  )
}
