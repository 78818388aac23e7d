import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChannelTable } from './channel-table'
import { DashTabs } from './dash-tabs'
import { DayChart } from './day-chart'
import { share, stacksOf } from './day-stacks'
import { DayTable, Legend } from './day-table'
import { minutesText } from './minutes-text'
import { Panel } from './panel'
import { PersonBars } from './person-bars'
import { useLeadHealth } from './queries'
import { RangeFilters, type Range } from './range-filters'
import { Tile } from './tile'
import type { LeadHealth } from './types'
import css from './metrics.module.css'

/** How fast leads are touched, and who waits: every number opens its list, and all of it moves by itself. */
export function LeadHealthPage() {
  const { t } = useTranslation('metrics')
  const [range, setRange] = useState<Range>({ from: '', to: '', channel: '' })
  const { data, error } = useLeadHealth(range)
  return (
    <div className={css.page}>
      <DashTabs />
      <div className={css.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={css.live}>{t('live')}</p>
        </div>
        <RangeFilters range={range} shown={data?.range} onChange={setRange} />
      </div>
      {error && <p role="alert">{error.message}</p>}
      {data && <Figures data={data} />}
    </div>
  )
}

/** What each channel is called, in the order of the table; one that only a day knows comes last. */
function channelNames({ by_channel: totals, by_day: days }: LeadHealth, none: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const { channel, label } of [...totals, ...days]) names.set(channel, names.get(channel) || label || channel || none)
  return names
}

function Figures({ data }: { data: LeadHealth }) {
  const { t } = useTranslation('metrics')
  const channels = useMemo(() => channelNames(data, t('noChannel')), [data, t])
  const stacks = useMemo(() => stacksOf(data.by_day, [...channels.keys()]), [data, channels])
  if (data.by_channel.length === 0)
    return (
      <>
        <Tiles data={data} />
        <p className={css.none}>{t('noLeads')}</p>
        <div className={css.panels}>
          <Panel title={t('byPerson')} wide={12} chart={<PersonBars figures={data.by_person} />} />
        </div>
      </>
    )
  return (
    <>
      <Tiles data={data} />
      <div className={css.panels}>
        <Panel title={t('byChannel')} wide={7} chart={<ChannelTable figures={data.by_channel} />} />
        <Panel title={t('byPerson')} wide={5} chart={<PersonBars figures={data.by_person} />} />
        <Panel
          title={t('byDay')}
          wide={12}
          chart={
            <>
              <DayChart stacks={stacks} channels={channels} />
              <Legend channels={channels} />
            </>
          }
          table={<DayTable stacks={stacks} channels={channels} />}
        />
      </div>
    </>
  )
}

function Tiles({ data: { totals, filters } }: { data: LeadHealth }) {
  const { t, i18n } = useTranslation('metrics')
  const number = new Intl.NumberFormat(i18n.language)
  const percent = (part: number) => {
    const value = share(part, totals.leads)
    return value === null ? '–' : `${value} %`
  }
  const median = minutesText(totals.median_minutes)
  return (
    <div className={css.tiles}>
      <Tile label={t('leads')} value={number.format(totals.leads)} filter={filters.leads} />
      <Tile label={t('within30m')} value={percent(totals.within_30m)} note={t('ofLeads', { part: totals.within_30m, whole: totals.leads })} filter={filters.within_30m} />
      <Tile label={t('within24h')} value={percent(totals.within_24h)} note={t('ofLeads', { part: totals.within_24h, whole: totals.leads })} filter={filters.within_24h} />
      <Tile label={t('median')} value={median ? t(`duration.${median.unit}`, { count: median.count }) : '–'} note={t('medianNote', { touched: totals.touched, untouched: totals.untouched })} filter={filters.touched} />
      <Tile label={t('untouched')} value={number.format(totals.untouched)} filter={filters.untouched} />
      <Tile label={t('unassigned')} value={number.format(totals.unassigned)} alarm={totals.unassigned > 0} filter={filters.unassigned} />
      <Tile label={t('overdue')} value={number.format(totals.overdue)} alarm={totals.overdue > 0} filter={filters.overdue} />
    </div>
  )
}
