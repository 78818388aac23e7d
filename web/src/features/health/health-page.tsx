import { CircleCheckBig } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { useWarnings } from './queries'
import { WarningRow } from './warning-row'
import { distinct } from './warnings'
import css from './health.module.css'

/** What an administrator should look at, each with the way to what mends it. */
export function HealthPage() {
  const { t } = useTranslation('health')
  return (
    <div className={css.page}>
      <div>
        <h1>{t('title')}</h1>
        <p className={css.muted}>{t('note')}</p>
      </div>
      <Warnings />
    </div>
  )
}

function Warnings() {
  const { t } = useTranslation('health')
  const { data, error, refetch } = useWarnings()
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <output className={css.muted}>{t('loading')}</output>
  if (data.length === 0) return <EmptyState icon={<CircleCheckBig size={28} className={css.well} aria-hidden="true" />} text={t('well')} />
  return (
    <ul className={css.list}>
      {distinct(data).map((warning) => (
        <WarningRow key={warning.text} warning={warning} />
      ))}
    </ul>
  )
}

function Failure({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useTranslation('health')
  return (
    <EmptyState text={error.message || t('failed')}>
      <Button variant="default" onClick={retry}>
        {t('retry')}
      </Button>
    </EmptyState>
  )
}
