import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import css from './agenda.module.css'

/** What will stand here, and where it comes from. */
export function NothingYet() {
  const { t } = useTranslation('agenda')
  const leads = useObject('lead')
  return (
    <p className={css.hint}>
      {t('nothingHint')} {leads?.can.read && <Link to="/leads">{t('toLeads')}</Link>}
    </p>
  )
}
