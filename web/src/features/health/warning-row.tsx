import { CalendarX, ClockAlert, FileX, LockOpen, type LucideIcon, MessageSquareX, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { ButtonLink } from '@/ui/button-link'
import type { Warning } from './types'
import { remedyOf } from './warnings'
import css from './health.module.css'

const icons: Record<string, LucideIcon> = {
  plain_http: LockOpen,
  calendar_missing: CalendarX,
  failed_deliveries: FileX,
  late_clocks: ClockAlert,
  dead_messages: MessageSquareX,
}

/** One warning, and the link to what mends it where there is such a page. */
export function WarningRow({ warning }: { warning: Warning }) {
  const { t } = useTranslation('health')
  const remedy = remedyOf(warning, useSession()?.can ?? [])
  const Icon = icons[warning.code] ?? TriangleAlert
  return (
    <li className={css.warning}>
      <Icon size={20} className={css.icon} aria-hidden="true" />
      <span className={css.text}>{warning.text}</span>
      {remedy && (
        <ButtonLink to={remedy.to} variant="default" size="xs">
          {t(remedy.text)}
        </ButtonLink>
      )}
    </li>
  )
}
