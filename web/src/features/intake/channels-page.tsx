import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { Table } from '@/ui/table'
import { useChannels } from './queries'
import type { Channel } from './types'
import css from './intake.module.css'

/** Every way leads come in, with what it brought in 30 days. */
export function ChannelsPage() {
  const { t } = useTranslation('intake')
  const { data, error } = useChannels()
  return (
    <div className={css.page}>
      <h1>{t('channels')}</h1>
      <p className={css.muted}>{t('thirtyDays')}</p>
      {error && <p role="alert">{error.message}</p>}
      {data && (
        <Table label={t('channels')} cards>
          <thead>
            <tr>
              <th scope="col">{t('channel')}</th>
              <th scope="col">{t('kind.title')}</th>
              {counters.map((name) => (
                <th key={name} scope="col" data-number>
                  {t(`count.${name}`)}
                </th>
              ))}
              <th scope="col" data-number>
                {t('delay')}
              </th>
              <th scope="col">{t('last')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((channel) => (
              <ChannelRow key={channel.name} channel={channel} />
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}

const counters = ['received', 'accepted', 'touched', 'duplicates', 'failed', 'rejected'] as const

function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation('intake')
  return (
    <tr>
      <th scope="row">
        <Link to="/channels/$name" params={{ name: channel.name }} className={css.channel}>
          {channel.label}
        </Link>
        {channel.kind !== 'form' && !channel.has_secret && <span className={css.warn}>{t('noSecret')}</span>}
      </th>
      <td data-label={t('kind.title')}>{t(`kind.${channel.kind}`)}</td>
      {counters.map((name) => (
        <td key={name} data-number data-label={t(`count.${name}`)} data-alarm={(name === 'failed' && channel.failed > 0) || undefined}>
          {channel[name]}
        </td>
      ))}
      <td data-number data-label={t('delay')}>{typeof channel.delay_p50_seconds === 'number' ? t('seconds', { count: channel.delay_p50_seconds }) : '–'}</td>
      <td data-label={t('last')}>{channel.last_at ? <When at={channel.last_at} /> : '–'}</td>
    </tr>
  )
}

function When({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const zone = useSession()?.company.zone ?? 'UTC'
  return <time dateTime={at}>{new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' }).format(new Date(at))}</time>
}
