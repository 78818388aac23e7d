import { Link } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { useSession } from '@/api/session'
import { valueText } from '@/fields/field-value'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { ScrollBox } from '@/ui/scroll-box'
import { StatusMark } from './delivery-table'
import { readable } from './payload'
import { useDelivery, useReplay } from './queries'
import type { DeliveryDetail, FieldError } from './types'
import css from './intake.module.css'

/** One delivery: what was sent, what the mapping made of it, what it failed on, and another try. */
export function DeliveryDrawer({ id, object, onClose }: { id: string | null; object?: string; onClose: () => void }) {
  const { t } = useTranslation('intake')
  const { data, error } = useDelivery(id)
  return (
    <Drawer opened={id !== null} onClose={onClose} title={t('delivery')} size="lg">
      {error && <p role="alert">{error.message}</p>}
      {data && <Detail key={data.id} delivery={data} object={object} />}
    </Drawer>
  )
}

function Detail({ delivery, object }: { delivery: DeliveryDetail; object?: string }) {
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
          <Mapped record={delivery.mapped} object={object ?? record?.object} />
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

/** What the mapping made of it, in the words and the order of the object; what that does not know stands last, as it is. */
function Mapped({ record, object = '' }: { record: Record<string, unknown>; object?: string }) {
  const { i18n } = useTranslation('intake')
  const zone = useSession()?.user.zone ?? 'UTC'
  const fields = useObject(object)?.fields ?? []
  const place = (name: string) => (fields.findIndex((field) => field.name === name) + 1 || fields.length + 1)
  const names = Object.keys(record).toSorted((a, b) => place(a) - place(b))
  return (
    <dl className={css.pairs}>
      {names.map((name) => {
        const field = fields.find((one) => one.name === name) ?? { name, label: name, type: '', required: false, read_only: false }
        return (
          <div key={name}>
            <dt>{field.label}</dt>
            <dd>{valueText(field, record[name], i18n.language, zone)}</dd>
          </div>
        )
      })}
    </dl>
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
