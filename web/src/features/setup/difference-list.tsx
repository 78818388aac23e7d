import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Difference } from './types'
import css from './drawers.module.css'

/** What changes, document by document, in sentences. */
export function DifferenceList({ items, acts }: { items: Difference[]; acts?: (one: Difference) => React.ReactNode }) {
  const { t } = useTranslation('setup')
  return (
    <ul className={css.differences}>
      {items.map((one) => (
        <li key={`${one.kind}/${one.name}`}>
          <div className={css.what}>
            <span className={css.kind}>{one.kind_label}</span>
            <strong>{one.label}</strong>
            {one.change !== 'changed' && <span className={css.badge}>{t(`change.${one.change}`)}</span>}
            {acts?.(one)}
          </div>
          <ul className={css.words}>
            {one.words.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {one.warnings?.map((sentence) => (
            <p key={sentence} className={css.lost}>
              <TriangleAlert size={15} aria-hidden="true" />
              {sentence}
            </p>
          ))}
        </li>
      ))}
    </ul>
  )
}
