import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Item } from './item'
import type { HomeSection } from './types'
import css from './home.module.css'

interface Props {
  object: string
  section: HomeSection
  /** Whether whoever reads this may take the records on. */
  claims: boolean
}

/** One list of the home page, its first few records and the way to all. */
export function Section({ object, section: { name, count, count_more: more, filter, sort, items }, claims }: Props) {
  const { t } = useTranslation('home')
  return (
    <section className={css.section} data-name={name} aria-labelledby={`home-${name}`}>
      <header className={css.sectionHead}>
        <h2 id={`home-${name}`}>{t(`sections.${name}`)}</h2>
        <Link to="/leads" search={{ filter, sort }}>
          {t('all', { count, number: more ? `${count}+` : count })}
        </Link>
      </header>
      <ul>
        {items.map((item) => (
          <Item key={item.record.id} object={object} item={item} claim={claims && name === 'to_claim'} follow={claims} />
        ))}
      </ul>
    </section>
  )
}
