import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import { gridOf, strength } from './heat'
import { listAddress } from './list-address'
import { useHeat } from './queries'
import css from './heat-map.module.css'
import home from './home.module.css'

interface Props {
  name: string
  label: string
  object: string
}

/** How good records are by two of their fields; each cell opens its list. */
export function HeatMap({ name, label, object }: Props) {
  const { t } = useTranslation('home')
  const { data } = useHeat(name)
  const grid = useMemo(() => data && gridOf(data), [data])
  if (!data || !grid) return null
  return (
    <section className={home.section} aria-labelledby={`home-${name}`}>
      <header className={home.sectionHead}>
        <h2 id={`home-${name}`}>{label}</h2>
        <span className={css.since}>{t('heatSince', { since: data.since })}</span>
      </header>
      {grid.rows.length === 0 ? (
        <p className={home.muted}>{t('heatNone')}</p>
      ) : (
        <ScrollBox className={css.scroll} label={label}>
          <table className={css.heat}>
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">{label}</span>
                </th>
                {data.columns.map((column) => (
                  <th key={column.key} scope="col">
                    {column.label || t('blank')}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {grid.rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.label || t('blank')}</th>
                  {row.cells.map((cell, n) => (
                    <td key={data.columns[n].key} data-strength={cell && strength(cell)}>
                      {cell && (
                        <Link to={listAddress(object)} search={{ filter: cell.filter }}>
                          <span className="visually-hidden">{t('heatCell', { row: row.label || t('blank'), column: data.columns[n].label || t('blank') })}</span>
                          <b>{cell.count}</b>
                          <small>{`${Math.round((cell.good / cell.count) * 100)} %`}</small>
                          <span className="visually-hidden">{t('heatGood', { good: cell.good })}</span>
                        </Link>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  )
}
