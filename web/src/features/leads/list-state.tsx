import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { ScrollBox } from '@/ui/scroll-box'
import { filterFault, useIsBare } from './queries'
import css from './list-page.module.css'

interface EmptyProps {
  object: CatalogObject
  /** Whether a filter beside the view narrows the list. */
  filtered: boolean
  /** Whether the view itself narrows it. */
  narrow: boolean
  onClear: () => void
  onWhole: () => void
}

/** No rows: nothing is there yet, with the next step; or nothing matches, with the way back. */
export function EmptyList({ object, filtered, narrow, onClear, onWhole }: EmptyProps) {
  const { t } = useTranslation('leads')
  const mayConnect = useMay('deliveries.read') && object.name === 'lead'
  const bare = useIsBare(object.name, narrow && !filtered)
  if (bare === undefined) return null
  if ((filtered || narrow) && !bare) {
    return (
      <EmptyState text={t('emptyNoMatch')}>
        <Button variant="default" onClick={filtered ? onClear : onWhole}>
          {t(filtered ? 'filterClear' : 'showAll')}
        </Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState text={t('emptyNone', { object: object.plural })}>
      {mayConnect && <p className={css.how}>{t('emptyHow')}</p>}
      <div className={css.steps}>
        {object.can.create && (
          <ButtonLink to="/o/$object/new" params={{ object: object.name }}>
            {t('new', { object: object.label })}
          </ButtonLink>
        )}
        {mayConnect && (
          <ButtonLink to="/channels" variant="default">
            {t('connect')}
          </ButtonLink>
        )}
      </div>
    </EmptyState>
  )
}

interface FailureProps {
  error: Error
  onClear: () => void
  retry: () => void
}

/** Why there is no list: the place in a filter that does not compile, or what else went wrong. */
export function ListFailure({ error, onClear, retry }: FailureProps) {
  const { t } = useTranslation('leads')
  const fault = filterFault(error)
  if (!fault) {
    return (
      <EmptyState text={error.message || t('failed')}>
        <Button variant="default" onClick={retry}>
          {t('retry')}
        </Button>
      </EmptyState>
    )
  }
  return (
    <div role="alert" className={css.fault}>
      <strong>{t('filterWrong')}</strong>
      <ScrollBox as="pre" label={t('filterWrong')}>
        {fault}
      </ScrollBox>
      <Button variant="default" size="xs" onClick={onClear}>
        {t('filterClear')}
      </Button>
    </div>
  )
}
