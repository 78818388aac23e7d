import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/empty-state'
import { ProviderForm } from './provider-form'
import { useProvider, useRules } from './queries'
import { RulesForm } from './rules-form'
import css from './security.module.css'

/** How people come in: password rules, second factors, the company's own log-in. */
export function SecurityPage() {
  const { t } = useTranslation('security')
  const rules = useRules()
  const provider = useProvider()
  const error = rules.error ?? provider.error
  return (
    <div className={css.page}>
      <header>
        <h1>{t('title')}</h1>
        <p className={css.muted}>{t('note')}</p>
      </header>
      {error && <EmptyState text={error.message} />}
      {rules.data && <RulesForm view={rules.data} />}
      {provider.data && rules.data && <ProviderForm view={provider.data} roles={rules.data.roles} />}
    </div>
  )
}
