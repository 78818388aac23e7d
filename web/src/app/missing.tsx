import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'

/** What stands at an address that there is not: the way on is around it. */
export function Missing() {
  const { t } = useTranslation('app')
  return (
    <>
      <h1 className="visually-hidden">{t('missing')}</h1>
      <EmptyState icon={<Search size={24} aria-hidden="true" />} text={t('missing')}>
        <ButtonLink to="/home" variant="default">
          {t('toHome')}
        </ButtonLink>
      </EmptyState>
    </>
  )
}
