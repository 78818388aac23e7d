import { Archive, CalendarX, ClockAlert, FileX, HardDrive, KeyRound, LockOpen, type LucideIcon, MessageSquareX, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { ButtonLink } from '@/ui/button-link'
import type { Warning } from './types'
import { remedyOf } from './warnings'
import css from './health.module.css'

const icons: Record<string, LucideIcon> = {
  plain_http: LockOpen,
  tls_expiring: LockOpen,
  tls_expired: LockOpen,
  key_wrong: KeyRound,
  disk_low: HardDrive,
  backup_none: Archive,
  backup_old: Archive,
  backup_failed: Archive,
  calendar_missing: CalendarX,
  failed_deliveries: FileX,
  late_clocks: ClockAlert,
  clocks_behind: ClockAlert,
  clock_skew: ClockAlert,
  dead_messages: MessageSquareX,
  robot_no_secret: MessageSquareX,
  outbox_behind: MessageSquareX,
}

/** One warning: what is wrong, what to do, and the link to what mends it where there is such a page. */
export function WarningRow({ warning }: { warning: Warning }) {
  const { t } = useTranslation('health')
  const remedy = remedyOf(warning, useSession()?.can ?? [])
  const Icon = icons[warning.code] ?? TriangleAlert
  return (
    <li className={css.warning}>
      <Icon size={20} className={warning.state === 'bad' ? css.bad : css.icon} aria-label={t(warning.state)} role="img" />
      <div className={css.text}>
        <p className={css.sentence}>{warning.text}</p>
        {warning.advice && <p className={css.muted}>{warning.advice}</p>}
      </div>
      {remedy && (
        <ButtonLink to={remedy.to} variant="default" size="xs">
          {t(remedy.text)}
        </ButtonLink>
      )}
    </li>
  )
}
