import { KeyRound, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { DeliveryDrawer } from './delivery-drawer'
import { DeliveryTable } from './delivery-table'
import { PublicAddress } from './public-address'
import { useChannels, useDeliveries, useReplayFailed } from './queries'
import { SecretDialog } from './secret-dialog'
import { deliveryStatuses, type Channel, type DeliveryStatus } from './types'
import css from './intake.module.css'

/** One channel: its counts, its address, and each delivery with what became of it. */
export function ChannelPage({ name }: { name: string }) {
  const { t } = useTranslation('intake')
  const { data: channels, error } = useChannels()
  const channel = channels?.find((one) => one.name === name)
  const [status, setStatus] = useState<DeliveryStatus | ''>('')
  const [open, setOpen] = useState<string | null>(null)
  const deliveries = useDeliveries(name, status)
  if (error) return <p role="alert">{error.message}</p>
  if (channels && !channel) return <p role="alert">{t('noChannel', { name })}</p>
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1>{channel?.label ?? name}</h1>
        {channel && <ChannelActions channel={channel} />}
      </div>
      {channel && <Counters channel={channel} />}
      {channel && <PublicAddress channel={channel} />}
      <StatusFilter status={status} onChange={setStatus} />
      {deliveries.error && <p role="alert">{deliveries.error.message}</p>}
      {deliveries.items && <DeliveryTable deliveries={deliveries.items} onOpen={setOpen} />}
      {deliveries.more && (
        <Button variant="default" onClick={deliveries.more} loading={deliveries.loading}>
          {t('more')}
        </Button>
      )}
      <DeliveryDrawer id={open} object={channel?.object} onClose={() => setOpen(null)} />
    </div>
  )
}

function ChannelActions({ channel }: { channel: Channel }) {
  const { t } = useTranslation('intake')
  const [asking, setAsking] = useState(false)
  const replay = useReplayFailed(channel.name)
  return (
    <div className={css.actions}>
      <output className={css.muted}>
        {replay.isPending && t('replaying', { count: channel.failed })}
        {replay.data && t('replayed', replay.data)}
        {replay.error?.message}
      </output>
      <Button variant="default" leftSection={<RotateCcw size={16} aria-hidden="true" />} disabled={channel.failed === 0} loading={replay.isPending} onClick={() => replay.mutate()}>
        {t('replayAll')}
      </Button>
      {channel.kind !== 'form' && (
        <Button variant="default" leftSection={<KeyRound size={16} aria-hidden="true" />} onClick={() => setAsking(true)}>
          {channel.has_secret ? t('secretChange') : t('secretSet')}
        </Button>
      )}
      <SecretDialog channel={channel} open={asking} onClose={() => setAsking(false)} />
    </div>
  )
}

function Counters({ channel }: { channel: Channel }) {
  const { t } = useTranslation('intake')
  return (
    <dl className={css.counters}>
      {(['received', 'accepted', 'touched', 'duplicates', 'failed', 'rejected', 'unsigned'] as const).map((name) => (
        <div key={name}>
          <dt>{t(`count.${name}`)}</dt>
          <dd data-alarm={(name === 'failed' && channel.failed > 0) || undefined}>{channel[name] ?? 0}</dd>
        </div>
      ))}
      <div>
        <dt>{t('delay')}</dt>
        <dd>{typeof channel.delay_p50_seconds === 'number' ? t('seconds', { count: channel.delay_p50_seconds }) : '–'}</dd>
      </div>
    </dl>
  )
}

function StatusFilter({ status, onChange }: { status: DeliveryStatus | ''; onChange: (status: DeliveryStatus | '') => void }) {
  const { t } = useTranslation('intake')
  return (
    <div role="radiogroup" aria-label={t('statusFilter')} className={css.filter}>
      {(['', ...deliveryStatuses] as const).map((one) => (
        <label key={one}>
          <input type="radio" name="delivery-status" checked={one === status} onChange={() => onChange(one)} />
          <span>{t(`status.${one || 'all'}`)}</span>
        </label>
      ))}
    </div>
  )
}
