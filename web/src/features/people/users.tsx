import { Plane, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Table } from '@/ui/table'
import { useMayWriteUsers, useUsers } from './queries'
import { roleLabel, type User } from './types'
import { UserDrawer } from './user-drawer'
import css from './people.module.css'

/** Everybody with an account, with how much each carries. */
export function Users() {
  const { t } = useTranslation('people')
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<User | 'new' | null>(null)
  const { data, error } = useUsers(search)
  const mayWrite = useMayWriteUsers()
  return (
    <section aria-label={t('users')} className={css.section}>
      <div className={css.bar}>
        <input className={css.search} type="search" value={search} placeholder={t('search')} aria-label={t('search')} onChange={(event) => setSearch(event.currentTarget.value)} />
        {mayWrite && (
          <Button leftSection={<UserPlus size={16} aria-hidden="true" />} onClick={() => setOpen('new')}>
            {t('newUser')}
          </Button>
        )}
      </div>
      {error && <p role="alert">{error.message}</p>}
      {data && <UserTable users={data} onOpen={mayWrite ? setOpen : undefined} />}
      {open && <UserDrawer user={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </section>
  )
}

function UserTable({ users, onOpen }: { users: User[]; onOpen?: (user: User) => void }) {
  const { t } = useTranslation('people')
  return (
    <Table label={t('users')} cards>
      <thead>
        <tr>
          <th scope="col">{t('name')}</th>
          <th scope="col">{t('load')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('roles')}</th>
          <th scope="col">{t('department')}</th>
          <th scope="col">{t('email')}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <th scope="row">
              {onOpen ? (
                <button type="button" className={css.rowButton} onClick={() => onOpen(user)}>
                  {user.name}
                </button>
              ) : (
                user.name
              )}
            </th>
            <td data-label={t('load')}>
              <Load load={user.open_load} capacity={user.capacity} />
            </td>
            <td data-label={t('state')}>{user.active ? user.away ? <Away /> : t('active') : t('inactive')}</td>
            <td data-label={t('roles')}>{user.roles.map(roleLabel).join(', ')}</td>
            <td data-label={t('department')}>{user.department?.label ?? '–'}</td>
            <td data-wide data-label={t('email')}>{user.email}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** How much of somebody's capacity is taken: a bar for the eye, the numbers for everybody. */
export function Load({ load, capacity }: { load: number; capacity: number | null }) {
  if (capacity === null) return <>{load}</>
  const full = load >= capacity
  return (
    <span className={css.load} data-full={full || undefined}>
      <span aria-hidden="true">
        <span style={{ inlineSize: `${capacity > 0 ? Math.min(100, (load / capacity) * 100) : 0}%` }} />
      </span>
      {load} / {capacity}
    </span>
  )
}

export function Away() {
  const { t } = useTranslation('people')
  return (
    <span className={css.away}>
      <Plane size={14} aria-hidden="true" /> {t('away')}
    </span>
  )
}
