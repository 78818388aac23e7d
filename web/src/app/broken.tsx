import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'

/** What stands where a page broke, or where its code is gone after an upgrade: the rest of the app goes on. */
export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation('app')
  return (
    <div role="alert">
      <h1 className="visually-hidden">{t('broken')}</h1>
      <EmptyState text={`${t('broken')} ${error instanceof Error ? error.message : ''}`}>
        <Button variant="default" onClick={() => location.reload()}>
          {t('again')}
        </Button>
      </EmptyState>
    </div>
  )
}
