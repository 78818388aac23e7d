import { Link } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { ScrollBox } from '@/ui/scroll-box'
import { StatusMark } from './delivery-table'
import { readable } from './payload'
import { useDelivery, useReplay } from './queries'
import type { DeliveryDetail, FieldError } from './types'
import css from './intake.module.css'

/** One delivery: what was sent, what the mapping made of it, what it failed on, and another try. */
export function DeliveryDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation('intake')
  const { data, error } = useDelivery(id)
  return (
    <Drawer opened={id !== null} onClose={onClose} title={t('delivery')} size="lg">
      {error && <p role="alert">{error.message}</p>}
      {data && <Detail key={data.id} delivery={data} />}
    </Drawer>
  )
}

function Detail({ delivery }: { delivery: DeliveryDetail }) {
  const { t } = useTranslation('intake')
  const replay = useReplay(delivery.id)
  const errors = replay.data ? replay.data.errors : delivery.errors
  const record = delivery.record
  return (
    <div className={css.detail}>
      <p className={css.detailHead}>
        <StatusMark status={replay.data?.status ?? delivery.status} />
        {record && (
          <Link to="/o/$object/$id" params={{ object: record.object, id: record.id }}>
            {record.label ?? t('openRecord')}
          </Link>
        )}
        {delivery.status === 'failed' && (
          <Button size="xs" variant="default" leftSection={<RotateCcw size={14} aria-hidden="true" />} loading={replay.isPending} onClick={() => replay.mutate()}>
            {t('replay')}
          </Button>
        )}
      </p>
      <output className={css.muted}>
        {replay.data && t(`replayStatus.${replay.data.status}`)}
        {replay.error?.message}
      </output>
      <Errors errors={errors} />
      {delivery.mapped && (
        <>
          <h3>{t('mapped')}</h3>
          <dl className={css.pairs}>
            {Object.entries(delivery.mapped).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h3>{t('body')}</h3>
      <ScrollBox as="pre" className={css.raw} label={t('body')}>
        {readable(delivery.body ?? '')}
      </ScrollBox>
      <h3>{t('headers')}</h3>
      <ScrollBox as="pre" className={css.raw} label={t('headers')}>
        {Object.entries(delivery.headers ?? {})
          .map(([name, value]) => `${name}: ${String(value)}`)
          .join('\n')}
      </ScrollBox>
    </div>
  )
}

function Errors({ errors }: { errors?: FieldError[] }) {
  const { t } = useTranslation('intake')
  if (!errors || errors.length === 0) return null
  return (
    <>
      <h3>{t('errors')}</h3>
      <ul className={css.errors}>
        {errors.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </>
  )
}
