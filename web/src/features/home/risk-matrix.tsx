import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRisk } from './queries'
import { byRisk, columns, matrixOf, rowsOf } from './risk'
import type { Risk, RiskItem } from './types'
import home from './home.module.css'
import css from './risk-matrix.module.css'

/** How many customers a cell names before it only counts the rest. */
const named = 4

/** Customers whose contracts end soon, by how long nobody spoke to them (H7); red are silent and unhappy. */
export function RiskMatrix({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation('home')
  const { data } = useRisk(name)
  if (!data) return null
  return (
    <section className={home.section} aria-labelledby={`home-${name}`}>
      <header className={home.sectionHead}>
        <h2 id={`home-${name}`}>{label}</h2>
        <span className={css.note}>{t('riskNote', { count: data.items.length, more: data.more ? '+' : '', within: data.within })}</span>
      </header>
      {data.items.length === 0 ? <p className={home.muted}>{t('riskNone', { within: data.within })}</p> : <Cells data={data} />}
    </section>
  )
}

function Cells({ data }: { data: Risk }) {
  const { t } = useTranslation('home')
  const cells = matrixOf(data.items, data.silent_days)
  return (
    <table className={css.matrix}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t('riskSilence')}</span>
          </th>
          {columns.map((days, n) => (
            <th key={days} scope="col">
              {n === 0 ? t('riskEnds', { days }) : t('riskEndsBetween', { from: columns[n - 1] + 1, to: days })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsOf(data.silent_days).map(({ key }, row) => (
          <tr key={key}>
            <th scope="row">{t(`riskSilent.${key}`, { limit: data.silent_days, half: Math.ceil(data.silent_days / 2) })}</th>
            {cells[row].map((items, column) => (
              <td key={columns[column]} data-label={t('riskEnds', { days: columns[column] })}>
                <Named items={items.toSorted(byRisk)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Named({ items }: { items: RiskItem[] }) {
  const { t } = useTranslation('home')
  return (
    <ul>
      {items.slice(0, named).map((item) => (
        <li key={item.id} data-level={item.level || undefined}>
          {item.level === 'red' && <TriangleAlert size={13} aria-label={t('riskRed')} />}
          <Link to="/o/$object/$id" params={{ object: item.object, id: item.id }} title={t('riskOf', { label: item.label, ends: item.ends_on, silent: item.silent ?? '–', score: item.score ?? '–' })}>
            {item.company?.label ?? item.label}
          </Link>
          <small>{item.score !== null ? t('riskScore', { score: item.score }) : t('riskDays', { count: item.days_left })}</small>
        </li>
      ))}
      {items.length > named && <li className={css.note}>{t('riskMore', { count: items.length - named })}</li>}
    </ul>
  )
}
