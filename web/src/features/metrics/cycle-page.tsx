import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalog } from '@/api/catalog'
import { useCycle, useReasons, type Periods } from './cycle-queries'
import type { Cycle, CycleStep } from './cycle-types'
import { DateInput } from '@/ui/date-input'
import { DashTabs } from './dash-tabs'
import { Panel } from './panel'
import css from './cycle.module.css'
import base from './metrics.module.css'

/** From the lead to the first payment: days by step, and how much shorter they became; and why what closed was won or lost. */
export function CyclePage() {
  const { t } = useTranslation('metrics')
  const [periods, setPeriods] = useState<Periods>({ from: '', to: '', earlier_from: '', earlier_to: '' })
  const { data, error } = useCycle('lead-to-cash', periods)
  const shown: Periods = {
    from: periods.from || data?.present.from || '',
    to: periods.to || data?.present.to || '',
    earlier_from: periods.earlier_from || data?.earlier.from || '',
    earlier_to: periods.earlier_to || data?.earlier.to || '',
  }
  const change = (name: keyof Periods, day: string) => setPeriods({ ...shown, [name]: day })
  return (
    <div className={base.page}>
      <DashTabs />
      <div className={base.head}>
        <h1>{data?.label ?? t('cycle.title')}</h1>
        <div className={base.filters}>
          {(['from', 'to', 'earlier_from', 'earlier_to'] as const).map((name) => (
            <label key={name}>
              {t(`cycle.${name}`)}
              <DateInput label={t(`cycle.${name}`)} value={shown[name]} onChange={(day) => day && change(name, day)} />
            </label>
          ))}
        </div>
      </div>
      {error && <p role="alert">{error.message}</p>}
      {data && <Figures data={data} />}
      {data && <Reasons from={data.present.from} to={data.present.to} />}
    </div>
  )
}

function Figures({ data }: { data: Cycle }) {
  const { t } = useTranslation('metrics')
  const longest = Math.max(1, ...data.steps.flatMap(({ days, earlier_days: earlier }) => [Number(days ?? 0), Number(earlier ?? 0)]))
  if (data.present.records + data.earlier.records === 0) return <p className={base.none}>{t('cycle.nothing')}</p>
  return (
    <>
      <div className={base.tiles}>
        <Figure label={t('cycle.total')} value={t('cycle.days', { days: data.total.days ?? '–' })} note={t('cycle.records', { count: data.present.records })} filter={data.present.filter} object={data.object} />
        <Figure label={t('cycle.earlier')} value={t('cycle.days', { days: data.total.earlier_days ?? '–' })} note={t('cycle.records', { count: data.earlier.records })} filter={data.earlier.filter} object={data.object} />
        <div className={base.tile}>
          <span className={base.tileLabel}>{t('cycle.compression')}</span>
          <span className={base.value} data-alarm={data.total.compression?.startsWith('-') || undefined}>
            {data.total.compression === undefined ? '–' : `${data.total.compression} %`}
          </span>
          <span className={base.note}>{t('cycle.formula')}</span>
        </div>
      </div>
      <div className={base.panels}>
        <Panel title={t('cycle.bySteps')} wide={12} chart={<Bars steps={data.steps} longest={longest} />} table={<Table data={data} />} />
      </div>
    </>
  )
}

function Figure({ label, value, note, filter, object }: { label: string; value: string; note: string; filter: string; object: string }) {
  return (
    <Link to="/o/$object" params={{ object }} search={{ filter } as never} className={base.tile}>
      <span className={base.tileLabel}>{label}</span>
      <span className={base.value}>{value}</span>
      <span className={base.note}>{note}</span>
    </Link>
  )
}

/** By how many per cent a step became shorter, or longer. */
const changed = (t: TFunction<'metrics'>, percent: string) => (percent.startsWith('-') ? t('cycle.longer', { percent: percent.slice(1) }) : t('cycle.shorter', { percent }))

/** Each step as two bars: now, and before. */
function Bars({ steps, longest }: { steps: CycleStep[]; longest: number }) {
  const { t } = useTranslation('metrics')
  const width = (days: string | undefined) => ({ inlineSize: `${(100 * Number(days ?? 0)) / longest}%` })
  return (
    <ul className={css.steps}>
      {steps.map(({ id, label, days, earlier_days: earlier, compression }) => (
        <li key={id}>
          <p className={css.label}>
            {label}
            {compression !== undefined && <span className={css.change}>{changed(t, compression)}</span>}
          </p>
          <p className={css.line}>
            <span className={css.bar} style={width(days)} aria-hidden="true" />
            {t('cycle.days', { days: days ?? '–' })}
          </p>
          <p className={css.line}>
            <span className={css.bar} data-earlier style={width(earlier)} aria-hidden="true" />
            <span className={css.before}>{t('cycle.daysBefore', { days: earlier ?? '–' })}</span>
          </p>
        </li>
      ))}
    </ul>
  )
}

function Table({ data: { steps, total } }: { data: Cycle }) {
  const { t } = useTranslation('metrics')
  return (
    <div className={base.scroll}>
      <table className={base.table}>
        <thead>
          <tr>
            {['step', 'total', 'earlier', 'compression'].map((name) => (
              <th key={name} scope="col">
                {t(`cycle.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...steps, { ...total, id: 'total', label: t('total') }].map(({ id, label, days, earlier_days: earlier, compression }) => (
            <tr key={id}>
              <th scope="row">{label}</th>
              <td>{days ?? '–'}</td>
              <td>{earlier ?? '–'}</td>
              <td>{compression === undefined ? '–' : `${compression} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Why what closed in the period was won or lost, for every object that asks for reasons. */
function Reasons({ from, to }: { from: string; to: string }) {
  const asking = useCatalog()?.filter(({ fields, can }) => can.read && fields.some(({ required_when: when }) => when)) ?? []
  return (
    <div className={base.panels}>
      {asking.map(({ name, label }) => (
        <ReasonPanels key={name} object={name} label={label} from={from} to={to} />
      ))}
    </div>
  )
}

function ReasonPanels({ object, label, from, to }: { object: string; label: string; from: string; to: string }) {
  const reasons = useReasons(object, from, to).filter(({ total }) => total > 0)
  return reasons.map(({ field, label: why, total, items }) => (
    <Panel
      key={field}
      title={`${label} · ${why}`}
      wide={4}
      chart={
        <ul className={`${base.people} ${css.reasons}`}>
          {items.toSorted((a, b) => b.count - a.count).map((item) => (
            <li key={item.choice}>
              <Link to="/o/$object" params={{ object }} search={{ filter: item.filter } as never}>
                <span className={base.person}>{item.label}</span>
                <span className={base.track} aria-hidden="true">
                  <span style={{ inlineSize: `${(100 * item.count) / total}%` }} />
                </span>
                <span className={base.count}>{item.count}</span>
              </Link>
            </li>
          ))}
        </ul>
      }
    />
  ))
}
