import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
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
        <ScrollBox className={css.scroll} label={t('channels')}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('channel')}</th>
                <th scope="col">{t('kind.title')}</th>
                {counters.map((name) => (
                  <th key={name} scope="col" className={css.number}>
                    {t(`count.${name}`)}
                  </th>
                ))}
                <th scope="col" className={css.number}>
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
          </table>
        </ScrollBox>
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
        <Link to="/channels/$name" params={{ name: channel.name }}>
          {channel.label}
        </Link>
        {channel.kind !== 'form' && !channel.has_secret && <span className={css.warn}>{t('noSecret')}</span>}
      </th>
      <td>{t(`kind.${channel.kind}`)}</td>
      {counters.map((name) => (
        <td key={name} className={css.number} data-alarm={(name === 'failed' && channel.failed > 0) || undefined}>
          {channel[name]}
        </td>
      ))}
      <td className={css.number}>{typeof channel.delay_p50_seconds === 'number' ? t('seconds', { count: channel.delay_p50_seconds }) : '–'}</td>
      <td>{channel.last_at ? <When at={channel.last_at} /> : '–'}</td>
    </tr>
  )
}

function When({ at }: { at: string }) {
  const { i18n } = useTranslation()
  return <time dateTime={at}>{new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'short' }).format(new Date(at))}</time>
}
