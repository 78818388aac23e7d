import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { Item } from './item'
import { listAddress } from './list-address'
import type { Block } from './types'
import css from './home.module.css'

/** One list of the home page, its first few records and the way to all. */
export function Section({ block: { name, object, label, alarm, action, count, count_more: more, filter, sort, items } }: { block: Block }) {
  const { t } = useTranslation('home')
  const shape = useObject(object)
  return (
    <section className={css.section} data-name={name} data-alarm={alarm || undefined} aria-labelledby={`home-${name}`}>
      <header className={css.sectionHead}>
        <h2 id={`home-${name}`}>{label}</h2>
        <Link to={listAddress(object)} search={{ filter, sort }}>
          {t('all', { count, number: more ? `${count}+` : count })}
        </Link>
      </header>
      <ul>
        {items?.map((item) => (
          <Item key={item.record.id} object={object} shape={shape} item={item} action={action} />
        ))}
      </ul>
    </section>
  )
}
