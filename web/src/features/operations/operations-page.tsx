import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useOperations } from '@/api/operations'
import { useMay, useSession } from '@/api/session'
import { createFormats } from '@/fields/formats'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { Lines, ListScreen } from '@/ui/list-screen'
import { OperationLine } from './operation-line'
import css from './operations.module.css'

const step = 30

/** What the reader did to many records at once, the latest first. */
export function OperationsPage() {
  const { t } = useTranslation('operations')
  const mayAll = useMay('operations.all')
  const [all, setAll] = useState(false)
  return (
    <ListScreen title={t('title')} note={t('note')}>
      {mayAll && (
        <label className={css.all}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          {t('everybody')}
        </label>
      )}
      <History all={all} />
    </ListScreen>
  )
}

function History({ all }: { all: boolean }) {
  const { t, i18n } = useTranslation('operations')
  const [limit, setLimit] = useState(step)
  const { data, error, refetch } = useOperations(limit, all)
  const zone = useSession()?.company.zone ?? 'UTC'
  const formats = createFormats(i18n.language, zone)
  if (error && !data) {
    return (
      <EmptyState text={error.message}>
        <Button variant="default" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </EmptyState>
    )
  }
  if (data?.items.length === 0) {
    return (
      <EmptyState icon={<ListChecks size={28} aria-hidden="true" />} text={t('none')}>
        <ButtonLink to="/leads">{t('toList')}</ButtonLink>
      </EmptyState>
    )
  }
  return (
    <>
      <Lines>
        {data?.items.map((operation) => (
          <li key={operation.id}>
            <OperationLine operation={operation} moment={formats.exact(operation.created_at)} />
          </li>
        ))}
      </Lines>
      {data?.next_cursor && (
        <Button variant="default" onClick={() => setLimit(limit + step)}>
          {t('older')}
        </Button>
      )}
    </>
  )
}
