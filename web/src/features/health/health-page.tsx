import { CircleCheckBig } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { FactList } from './fact-list'
import { useHealth } from './queries'
import type { Warning } from './types'
import { WarningRow } from './warning-row'
import { arranged } from './warnings'
import css from './health.module.css'

/** What an administrator should look at, each with the way to what mends it, and how the system is. */
export function HealthPage() {
  const { t } = useTranslation('health')
  const { data, dataUpdatedAt, error, refetch } = useHealth()
  return (
    <div className={css.page}>
      <div>
        <h1>{t('title')}</h1>
        <p className={css.muted}>{t('note')}</p>
      </div>
      {!data && (error ? <Failure error={error} retry={() => void refetch()} /> : <output className={css.muted}>{t('loading')}</output>)}
      {data && <Warnings warnings={arranged(data.items)} />}
      {data && <FactList facts={data.facts} now={new Date(dataUpdatedAt)} />}
    </div>
  )
}

function Warnings({ warnings }: { warnings: Warning[] }) {
  const { t } = useTranslation('health')
  if (warnings.length === 0) return <EmptyState icon={<CircleCheckBig size={28} className={css.well} aria-hidden="true" />} text={t('well')} />
  return (
    <ul className={css.list} aria-label={t('warnings')}>
      {warnings.map((warning) => (
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
