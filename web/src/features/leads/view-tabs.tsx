import { useTranslation } from 'react-i18next'
import type { View } from '@/api/catalog'
import css from './list-page.module.css'

interface Props {
  views: View[]
  current: string
  onView: (name: string) => void
}

/** A view chosen by the address may stand beyond a phone's edge. */
const showWhole = (input: HTMLInputElement | null) => input?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

/** The views of an object; one is always chosen. */
export function ViewTabs({ views, current, onView }: Props) {
  const { t } = useTranslation('leads')
  if (views.length < 2) return null
  return (
    <div role="radiogroup" aria-label={t('views')} className={css.views}>
      {views.map(({ name, label }) => (
        <label key={name}>
          <input ref={name === current ? showWhole : undefined} type="radio" name="list-view" checked={name === current} onChange={() => onView(name)} />
          <span>{label}</span>
        </label>
      ))}
    </div>
  )
}
