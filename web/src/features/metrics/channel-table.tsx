import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import { ListLink } from './list-link'
import { minutesText } from './minutes-text'
import { Share } from './share'
import type { ChannelFigure, Minutes } from './types'
import css from './metrics.module.css'

interface Props {
  figures: ChannelFigure[]
}

/** First touch by channel: how many within 30 minutes and 24 hours, and the median of those touched. */
export function ChannelTable({ figures }: Props) {
  const { t } = useTranslation('metrics')
  return (
    <ScrollBox className={css.scroll} label={t('byChannel')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('channel')}</th>
            <th scope="col">{t('leads')}</th>
            <th scope="col">{t('within30m')}</th>
            <th scope="col">{t('within24h')}</th>
            <th scope="col">{t('median')}</th>
            <th scope="col">{t('untouched')}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <tr key={figure.channel}>
              <th scope="row">{figure.label || figure.channel || t('noChannel')}</th>
              <td>
                <ListLink filter={figure.filter}>{figure.leads}</ListLink>
              </td>
              <td>
                <Share part={figure.within_30m} whole={figure.leads} />
              </td>
              <td>
                <Share part={figure.within_24h} whole={figure.leads} />
              </td>
              <td>{median(figure.median_minutes)}</td>
              <td>{figure.leads - figure.touched}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )

  function median(minutes: Minutes) {
    const text = minutesText(minutes)
    return text ? t(`duration.${text.unit}`, { count: text.count }) : '–'
  }
}
