import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'

/** What stands at an address that there is not. */
export function Missing() {
  const { t } = useTranslation('app')
  return (
    <main>
      <h1 className="visually-hidden">{t('missing')}</h1>
      <EmptyState text={t('missing')}>
        <Link to="/home">{t('toHome')}</Link>
      </EmptyState>
    </main>
  )
}
