import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Waiting } from './types'
import css from './home.module.css'

/** What waits with each person, the latest first. */
export function PeopleTable({ label, people }: { label: string; people: Waiting[] }) {
  const { t } = useTranslation('home')
  const rows = people.toSorted((a, b) => b.overdue - a.overdue || b.open - a.open)
  return (
    <section className={css.section} aria-labelledby="home-people">
      <header className={css.sectionHead}>
        <h2 id="home-people">{label}</h2>
      </header>
      {rows.length === 0 ? (
        <p className={css.muted}>{t('nobodyWaits')}</p>
      ) : (
        <table className={css.people}>
          <thead>
            <tr>
              <th scope="col">{t('person')}</th>
              <th scope="col">{t('overdueColumn')}</th>
              <th scope="col">{t('openColumn')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ user, overdue, open, filter }) => (
              <tr key={user?.id ?? ''}>
                <th scope="row">{user?.label ?? t('nobody')}</th>
                <td>
                  {overdue > 0 ? (
                    <Link to="/leads" search={{ filter }} className={css.late} aria-label={t('overdueOf', { count: overdue, name: user?.label })}>
                      {overdue}
                    </Link>
                  ) : (
                    0
                  )}
                </td>
                <td>{open}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
