import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './metrics.module.css'

interface Props {
  title: string
  wide: 4 | 5 | 7 | 12
  chart: ReactNode
  /** The same figures as a table, for those who read rather than look. */
  table?: ReactNode
}

export function Panel({ title, wide, chart, table }: Props) {
  const { t } = useTranslation('metrics')
  const [asTable, setAsTable] = useState(false)
  return (
    <section className={css.panel} data-wide={wide} aria-label={title}>
      <div className={css.panelHead}>
        <h2>{title}</h2>
        {table && (
          <button type="button" className={css.toggle} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('asChart') : t('asTable')}
            <span className={css.hidden}>{title}</span>
          </button>
        )}
      </div>
      {asTable ? table : chart}
    </section>
  )
}
