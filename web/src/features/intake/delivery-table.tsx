import { CircleCheck, CircleX, Repeat2, ShieldX, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { Table } from '@/ui/table'
import type { Delivery, DeliveryStatus } from './types'
import css from './intake.module.css'

const icons: Record<DeliveryStatus, LucideIcon> = { accepted: CircleCheck, touched: Repeat2, failed: CircleX, rejected: ShieldX }

/** What became of a delivery: sign and word, not colour alone. */
export function StatusMark({ status }: { status: DeliveryStatus }) {
  const { t } = useTranslation('intake')
  const Icon = icons[status]
  return (
    <span className={css.status} data-status={status}>
      <Icon size={14} aria-hidden="true" /> {t(`status.${status}`)}
    </span>
  )
}

export function DeliveryTable({ deliveries, onOpen }: { deliveries: Delivery[]; onOpen: (id: string) => void }) {
  const { t, i18n } = useTranslation('intake')
  const zone = useSession()?.company.zone ?? 'UTC'
  const when = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
  if (deliveries.length === 0) return <p className={css.muted}>{t('noDeliveries')}</p>
  return (
    <Table label={t('deliveries')} cards>
      <thead>
        <tr>
          <th scope="col">{t('at')}</th>
          <th scope="col">{t('statusTitle')}</th>
          <th scope="col">{t('content')}</th>
          <th scope="col">{t('externalId')}</th>
          <th scope="col" data-number>
            {t('delay')}
          </th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={delivery.id}>
            <th scope="row">
              <button type="button" className={css.rowButton} aria-label={when.format(new Date(delivery.at))} onClick={() => onOpen(delivery.id)}>
                <time dateTime={delivery.at}>{when.format(new Date(delivery.at))}</time>
              </button>
            </th>
            <td data-label={t('statusTitle')}>
              <StatusMark status={delivery.status} />
              {delivery.repeats > 0 && <span className={css.muted}> {t('repeats', { count: delivery.repeats })}</span>}
            </td>
            <td data-wide data-label={t('content')}>{delivery.record?.label ?? delivery.errors?.[0]?.message ?? delivery.preview}</td>
            <td data-wide data-label={t('externalId')}>{delivery.external_id}</td>
            <td data-number data-label={t('delay')}>{delivery.delay_seconds === undefined ? '–' : t('seconds', { count: delivery.delay_seconds })}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
