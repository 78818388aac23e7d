import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import { hueOf, type Stack } from './day-stacks'
import { ListLink } from './list-link'
import css from './metrics.module.css'

/** Leads by day and channel as a table, the newest day first. */
export function DayTable({ stacks, channels, object }: { stacks: Stack[]; channels: Map<string, string>; object?: string }) {
  const { t } = useTranslation('metrics')
  return (
    <ScrollBox className={css.scroll} label={t('byDay')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('day')}</th>
            {[...channels].map(([channel, label]) => (
              <th key={channel} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">{t('total')}</th>
          </tr>
        </thead>
        <tbody>
          {[...stacks].reverse().map(({ day, total, parts }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {[...channels.keys()].map((channel) => {
                const part = parts.find((one) => one.channel === channel)
                return <td key={channel}>{part ? <ListLink object={object} filter={part.filter}>{part.leads}</ListLink> : 0}</td>
              })}
              <td>{total}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

/** Which colour is which channel. */
export function Legend({ channels }: { channels: Map<string, string> }) {
  return (
    <ul className={css.legend}>
      {[...channels].map(([channel, label], n) => (
        <li key={channel}>
          <svg width="12" height="12" aria-hidden="true">
            <rect className={css.part} data-series={hueOf(n)} width="12" height="12" rx="2" />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  )
}
