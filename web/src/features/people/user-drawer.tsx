import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { EntranceSection } from './entrance-section'
import { LeaveList } from './leave-list'
import { numberOf } from './number-of'
import { useDepartments, useRoles, useSaveUser, type UserInput } from './queries'
import { roleName, type User } from './types'
import css from './people.module.css'

/** Makes an account or changes one. */
export function UserDrawer({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t } = useTranslation('people')
  return (
    <Drawer opened onClose={onClose} title={user ? user.name : t('newUser')}>
      <UserForm user={user} onSaved={onClose} />
      {user && <EntranceSection user={user} />}
      {user && <LeaveList user={user} />}
    </Drawer>
  )
}

function UserForm({ user, onSaved }: { user: User | null; onSaved: () => void }) {
  const { t } = useTranslation('people')
  const departments = useDepartments().data ?? []
  const roles = useRoles(user)
  const save = useSaveUser(user?.id ?? null)
  const [input, setInput] = useState<UserInput>({
    name: user?.name ?? '',
    email: user?.email ?? '',
    password: '',
    roles: user?.roles.map(roleName) ?? ['sales'],
    department: user?.department?.id ?? '',
    active: user?.active ?? true,
    capacity: user ? user.capacity : 20,
    mustChange: true,
  })
  const change = (part: Partial<UserInput>) => setInput({ ...input, ...part })
  const toggleRole = (name: string, on: boolean) => change({ roles: on ? [...input.roles, name] : input.roles.filter((role) => role !== name) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(input, { onSuccess: onSaved })
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <label>
        {t('name')}
        <input value={input.name} required onChange={(event) => change({ name: event.currentTarget.value })} />
      </label>
      <label>
        {t('email')}
        <input type="email" value={input.email} required autoComplete="off" onChange={(event) => change({ email: event.currentTarget.value })} />
      </label>
      <label>
        {user ? t('passwordReset') : t('password')}
        <input type="password" value={input.password} minLength={8} autoComplete="new-password" onChange={(event) => change({ password: event.currentTarget.value })} />
        <small>{user ? t('passwordResetNote') : t('passwordNote')}</small>
      </label>
      {input.password && (
        <label className={css.check}>
          <input type="checkbox" checked={input.mustChange} onChange={(event) => change({ mustChange: event.currentTarget.checked })} /> {t('mustChange')}
        </label>
      )}
      <label>
        {t('department')}
        <select value={input.department} onChange={(event) => change({ department: event.currentTarget.value })}>
          <option value="">–</option>
          {departments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('capacity')}
        <input type="number" min={0} value={input.capacity ?? ''} onChange={(event) => change({ capacity: numberOf(event.currentTarget) })} />
        <small>{t('capacityNote')}</small>
      </label>
      <fieldset>
        <legend>{t('roles')}</legend>
        {roles.map(({ name, label }) => (
          <label key={name} className={css.check}>
            <input type="checkbox" checked={input.roles.includes(name)} onChange={(event) => toggleRole(name, event.currentTarget.checked)} /> {label}
          </label>
        ))}
      </fieldset>
      <label className={css.check}>
        <input type="checkbox" checked={input.active} onChange={(event) => change({ active: event.currentTarget.checked })} /> {t('mayLogIn')}
      </label>
      {save.error && <p role="alert">{save.error.message}</p>}
      <Button type="submit" loading={save.isPending}>
        {t('save')}
      </Button>
    </form>
  )
}
