import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import type { Outcome } from './batch'
import type { Bulk } from './bulk'
import css from './bulk.module.css'

interface Props {
  bulk: Bulk
  /** The name of a record for those that failed. */
  nameOf: (id: string) => string
}

/** How far a bulk operation is, then what became of each record, and the way back from a deletion. */
export function BulkReport({ bulk, nameOf }: Props) {
  const { t } = useTranslation('leads')
  const { state } = bulk
  if (state.phase === 'idle') return null
  if (state.phase === 'running') {
    const label = t(`progress.${state.act}`, { done: state.done, total: state.total })
    return (
      <div className={css.bar}>
        <progress value={state.done} max={state.total} aria-label={label} />
        <output>{label}</output>
      </div>
    )
  }
  const { act, outcomes } = state
  const failed = outcomes.filter(({ fault }) => fault)
  const done = outcomes.filter(({ fault }) => !fault).map(({ id }) => id)
  return (
    <div className={css.report}>
      <div className={css.bar}>
        <output>
          {t(`done.${act}`, { count: done.length })}
          {failed.length > 0 && <strong> · {t('failedRows', { count: failed.length })}</strong>}
        </output>
        {act === 'delete' && done.length > 0 && (
          <Button size="xs" variant="default" onClick={() => void bulk.restore(done)}>
            {t('undo')}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={bulk.dismiss}>
          {t('close')}
        </Button>
      </div>
      {failed.length > 0 && <Failed outcomes={failed} nameOf={nameOf} />}
    </div>
  )
}

function Failed({ outcomes, nameOf }: { outcomes: Outcome[]; nameOf: (id: string) => string }) {
  const { t } = useTranslation('leads')
  return (
    <ul className={css.failed}>
      {outcomes.map(({ id, fault }) => (
        <li key={id}>
          {nameOf(id)}: {fault?.message ?? t(`rowFault.${fault?.code ?? ''}`, { defaultValue: fault?.code ?? '' })}
        </li>
      ))}
    </ul>
  )
}
