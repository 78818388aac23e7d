import { useTranslation } from 'react-i18next'
import css from './agenda.module.css'

interface Props {
  people: { id: string; label: string }[]
  person: string
  onChoose: (person: string) => void
}

/** Whose agenda it is; only for those who may read others'. */
export function PersonChoice({ people, person, onChoose }: Props) {
  const { t } = useTranslation('agenda')
  if (people.length === 0) return null
  return (
    <select className={css.person} aria-label={t('person')} value={person} onChange={(event) => onChoose(event.currentTarget.value)}>
      <option value="">{t('mine')}</option>
      <option value="all">{t('everybody')}</option>
      {people.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  )
}
