import { useTranslation } from 'react-i18next'
import { useChannelChoices } from './queries'
import { DateInput } from '@/ui/date-input'
import css from './metrics.module.css'

/** Days as YYYY-MM-DD; empty means what the server takes by default. */
export interface Range {
  from: string
  to: string
  channel: string
}

interface Props {
  range: Range
  /** What the figures on the screen cover. */
  shown?: { from: string; to: string }
  /** Without a choice of channel. */
  plain?: boolean
  onChange: (range: Range) => void
}

export function RangeFilters({ range, shown, plain, onChange }: Props) {
  const { t } = useTranslation('metrics')
  const channels = useChannelChoices()
  const from = range.from || shown?.from || ''
  const to = range.to || shown?.to || ''
  return (
    <div className={css.filters}>
      <label>
        {t('from')}
        <DateInput label={t('from')} value={from} max={to} onChange={(day) => onChange({ ...range, from: day })} />
      </label>
      <label>
        {t('to')}
        <DateInput label={t('to')} value={to} min={from} onChange={(day) => onChange({ ...range, to: day })} />
      </label>
      {!plain && (
      <label>
        {t('channel')}
        <select value={range.channel} onChange={(event) => onChange({ ...range, channel: event.currentTarget.value })}>
          <option value="">{t('allChannels')}</option>
          {channels.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      )}
    </div>
  )
}
