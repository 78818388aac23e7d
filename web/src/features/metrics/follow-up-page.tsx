import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionBars } from './action-bars'
import { DashTabs } from './dash-tabs'
import { DayChart } from './day-chart'
import { DayTable, Legend } from './day-table'
import { FollowUpTable } from './follow-up-table'
import { LongestOverdue } from './longest-overdue'
import { Panel } from './panel'
import { promiseStacks, standings } from './promise-stacks'
import { useFollowUpHealth } from './queries'
import { RangeFilters, type Range } from './range-filters'
import { Tile } from './tile'
import type { FollowUpHealth } from './types'
import css from './metrics.module.css'

/** Whether promises are kept, what is done, and what has waited longest (D13): every number opens its list. */
export function FollowUpPage() {
  const { t } = useTranslation('metrics')
  const [range, setRange] = useState<Range>({ from: '', to: '', channel: '' })
  const { data, error } = useFollowUpHealth(range)
  return (
    <div className={css.page}>
      <DashTabs />
      <div className={css.head}>
        <div>
          <h1>{t('followUp.title')}</h1>
          <p className={css.live}>{t('live')}</p>
        </div>
        <RangeFilters plain range={range} shown={data?.range} onChange={setRange} />
      </div>
      {error && <p role="alert">{error.message}</p>}
      {data && <Figures data={data} />}
    </div>
  )
}

function Figures({ data }: { data: FollowUpHealth }) {
  const { t } = useTranslation('metrics')
  const stacks = useMemo(() => promiseStacks(data.by_day), [data])
  const names = useMemo(() => new Map(standings.map((name) => [name as string, t(`followUp.${name}`)])), [t])
  return (
    <>
      <Tiles data={data} />
      <div className={css.panels}>
        <Panel title={t('followUp.longest')} wide={7} chart={<LongestOverdue object={data.object} items={data.overdue} />} />
        <Panel title={t('followUp.actions')} wide={5} chart={<ActionBars list={data.list} figures={data.by_action} />} />
        <Panel title={t('followUp.byPerson')} wide={12} chart={<FollowUpTable data={data} />} />
        {stacks.length > 0 && (
          <Panel
            title={t('followUp.byDay')}
            wide={12}
            chart={
              <>
                <DayChart stacks={stacks} channels={names} object={data.list} />
                <Legend channels={names} />
              </>
            }
            table={<DayTable stacks={stacks} channels={names} object={data.list} />}
          />
        )}
      </div>
    </>
  )
}

function Tiles({ data: { totals, list, object } }: { data: FollowUpHealth }) {
  const { t, i18n } = useTranslation('metrics')
  const number = new Intl.NumberFormat(i18n.language)
  const due = totals.kept + totals.late + totals.waiting
  return (
    <div className={css.tiles}>
      <Tile label={t('followUp.rate')} value={totals.rate === null ? '–' : `${number.format(totals.rate)} %`} note={t('ofLeads', { part: totals.kept, whole: due })} filter={totals.filters.kept} object={list} />
      <Tile label={t('followUp.done')} value={number.format(totals.follow_ups)} filter={totals.filters.follow_ups} object={list} />
      <Tile label={t('followUp.late')} value={number.format(totals.late)} filter={totals.filters.late} object={list} />
      <Tile label={t('followUp.waiting')} value={number.format(totals.waiting)} alarm={totals.waiting > 0} filter={totals.filters.waiting} object={object} />
    </div>
  )
}
