import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Departments } from './departments'
import { Pools } from './pools'
import { Users } from './users'
import css from './people.module.css'

const tabs = ['users', 'departments', 'pools'] as const

/** Who works here, in which department, and who takes leads from which pool. */
export function PeoplePage() {
  const { t } = useTranslation('people')
  const navigate = useNavigate()
  const { part } = useSearch({ strict: false }) as { part?: string }
  const tab = tabs.find((name) => name === part) ?? 'users'
  const choose = (name: string) => void navigate({ to: '.', search: name === 'users' ? {} : { part: name }, replace: true })
  return (
    <div className={css.page}>
      <h1>{t('title')}</h1>
      <div role="radiogroup" aria-label={t('part')} className={css.tabs}>
        {tabs.map((name) => (
          <label key={name}>
            <input type="radio" name="people-part" checked={name === tab} onChange={() => choose(name)} />
            <span>{t(name)}</span>
          </label>
        ))}
      </div>
      {tab === 'users' && <Users />}
      {tab === 'departments' && <Departments />}
      {tab === 'pools' && <Pools />}
    </div>
  )
}
