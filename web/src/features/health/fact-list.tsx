import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { factText } from './fact-text'
import type { Fact } from './types'
import css from './health.module.css'

/** The figures of the system as they were at `now`, one line each. */
export function FactList({ facts, now }: { facts: Fact[]; now: Date }) {
  const { t, i18n } = useTranslation('health')
  const zone = useSession()?.company.zone ?? 'Asia/Shanghai'
  return (
    <section aria-labelledby="health-facts">
      <h2 id="health-facts" className={css.heading}>
        {t('facts')}
      </h2>
      <dl className={css.facts}>
        {facts.map((fact) => (
          <div key={fact.code} className={css.fact}>
            <dt>{t(`fact.${fact.code}`)}</dt>
            <dd>{factText(fact, now, zone, i18n.language)}</dd>
          </div>
        ))}
      </dl>
      <p className={css.muted}>
        <a href="/THIRD_PARTY_NOTICES.txt" className={css.notices}>
          {t('notices')}
        </a>
      </p>
    </section>
  )
}
