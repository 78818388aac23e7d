import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Table } from '@/ui/table'
import { numberOf } from './number-of'
import { useMayWriteUsers, usePools, useSavePoolMembers, useUsers } from './queries'
import type { Pool } from './types'
import { Away, Load } from './users'
import css from './people.module.css'

/** Who takes leads from which pool, and how much room each has left. */
export function Pools() {
  const { t } = useTranslation('people')
  const { data, error } = usePools()
  return (
    <section aria-label={t('pools')} className={css.section}>
      {error && <p role="alert">{error.message}</p>}
      {data?.map((pool) => (
        <PoolMembers key={pool.name} pool={pool} />
      ))}
    </section>
  )
}

function PoolMembers({ pool }: { pool: Pool }) {
  const { t } = useTranslation('people')
  const mayWrite = useMayWriteUsers()
  const [editing, setEditing] = useState(false)
  return (
    <section className={css.pool} aria-label={pool.label}>
      <div className={css.bar}>
        <h2>{pool.label}</h2>
        <span className={css.muted}>
          {t(`strategy.${pool.strategy}`, { defaultValue: pool.strategy })}
          {pool.robot && ` · ${pool.robot}`}
        </span>
        {mayWrite && !editing && (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            {t('edit')}
            <span className={css.hidden}>{pool.label}</span>
          </Button>
        )}
      </div>
      {editing ? <MembersForm pool={pool} onDone={() => setEditing(false)} /> : <MemberTable pool={pool} />}
    </section>
  )
}

function MemberTable({ pool }: { pool: Pool }) {
  const { t } = useTranslation('people')
  return (
    <Table label={pool.label} cards>
      <thead>
        <tr>
          <th scope="col">{t('name')}</th>
          <th scope="col">{t('load')}</th>
          <th scope="col">{t('weight')}</th>
          <th scope="col">{t('state')}</th>
        </tr>
      </thead>
      <tbody>
        {pool.members.map(({ user, open_load, capacity, weight, away }) => (
          <tr key={user.id}>
            <th scope="row">{user.label}</th>
            <td data-label={t('load')}>
              <Load load={open_load} capacity={capacity} />
            </td>
            <td data-label={t('weight')}>{weight}</td>
            <td data-label={t('state')}>{away ? <Away /> : t('present')}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function MembersForm({ pool, onDone }: { pool: Pool; onDone: () => void }) {
  const { t } = useTranslation('people')
  const users = useUsers('').data ?? []
  const save = useSavePoolMembers(pool.name)
  const [members, setMembers] = useState(pool.members.map(({ user, capacity, weight }) => ({ user: user.id, label: user.label ?? '', capacity, weight })))
  const change = (id: string, part: { capacity?: number | null; weight?: number }) => setMembers(members.map((member) => (member.user === id ? { ...member, ...part } : member)))
  const others = users.filter(({ id, active }) => active && !members.some(({ user }) => user === id))
  return (
    <div className={css.form}>
      {members.map(({ user, label, capacity, weight }) => (
        <fieldset key={user} className={css.row}>
          <legend>{label}</legend>
          <label>
            {t('capacity')}
            <input type="number" min={0} value={capacity ?? ''} onChange={(event) => change(user, { capacity: numberOf(event.currentTarget) })} />
          </label>
          <label>
            {t('weight')}
            <input type="number" min={1} value={weight} onChange={(event) => change(user, { weight: event.currentTarget.valueAsNumber || 1 })} />
          </label>
          <Button size="xs" variant="subtle" onClick={() => setMembers(members.filter((member) => member.user !== user))}>
            {t('removeMember')}
            <span className={css.hidden}>{label}</span>
          </Button>
        </fieldset>
      ))}
      <label>
        {t('addMember')}
        <select
          value=""
          onChange={(event) => {
            const added = others.find(({ id }) => id === event.currentTarget.value)
            if (added) setMembers([...members, { user: added.id, label: added.name, capacity: added.capacity, weight: 1 }])
          }}
        >
          <option value="">–</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {save.error && <p role="alert">{save.error.message}</p>}
      <div className={css.bar}>
        <Button loading={save.isPending} onClick={() => save.mutate(members.map(({ user, capacity, weight }) => ({ user, capacity, weight })), { onSuccess: onDone })}>
          {t('save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  )
}
