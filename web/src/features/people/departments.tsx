import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { branches, within } from './department-tree'
import { useDepartments, useMayWriteUsers, useSaveDepartment, useUsers } from './queries'
import type { Department } from './types'
import css from './people.module.css'

/** The departments as a tree, each with its leader. */
export function Departments() {
  const { t, i18n } = useTranslation('people')
  const { data, error } = useDepartments()
  const mayWrite = useMayWriteUsers()
  const [open, setOpen] = useState<Department | 'new' | null>(null)
  return (
    <section aria-label={t('departments')} className={css.section}>
      {mayWrite && (
        <div className={css.bar}>
          <Button onClick={() => setOpen('new')}>{t('newDepartment')}</Button>
        </div>
      )}
      {error && <p role="alert">{error.message}</p>}
      <ul className={css.tree}>
        {branches(data ?? [], i18n.language).map(({ department, depth }) => (
          <li key={department.id} style={{ paddingInlineStart: `${depth * 24 + 8}px` }}>
            {mayWrite ? (
              <button type="button" className={css.rowButton} onClick={() => setOpen(department)}>
                {department.name}
              </button>
            ) : (
              <span>{department.name}</span>
            )}
            <span className={css.muted}>
              {department.leader ? t('leaderIs', { name: department.leader.label }) : t('noLeader')} · {t('members', { count: department.members })}
            </span>
          </li>
        ))}
      </ul>
      {open && (
        <Drawer opened onClose={() => setOpen(null)} title={open === 'new' ? t('newDepartment') : open.name}>
          <DepartmentForm department={open === 'new' ? null : open} all={data ?? []} onSaved={() => setOpen(null)} />
        </Drawer>
      )}
    </section>
  )
}

function DepartmentForm({ department, all, onSaved }: { department: Department | null; all: Department[]; onSaved: () => void }) {
  const { t, i18n } = useTranslation('people')
  const users = useUsers('').data ?? []
  const save = useSaveDepartment(department?.id ?? null)
  const [input, setInput] = useState({ name: department?.name ?? '', parent: department?.parent ?? '', leader: department?.leader?.id ?? '' })
  const barred = department ? within(all, department.id) : new Set<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(input, { onSuccess: onSaved })
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <label>
        {t('name')}
        <input value={input.name} required onChange={(event) => setInput({ ...input, name: event.currentTarget.value })} />
      </label>
      <label>
        {t('parent')}
        <select value={input.parent} onChange={(event) => setInput({ ...input, parent: event.currentTarget.value })}>
          <option value="">–</option>
          {branches(all, i18n.language)
            .filter(({ department: { id } }) => !barred.has(id))
            .map(({ department: { id, name }, depth }) => (
              <option key={id} value={id}>
                {'\u00a0'.repeat(depth * 3)}
                {name}
              </option>
            ))}
        </select>
      </label>
      <label>
        {t('leader')}
        <select value={input.leader} onChange={(event) => setInput({ ...input, leader: event.currentTarget.value })}>
          <option value="">–</option>
          {users.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {save.error && <p role="alert">{save.error.message}</p>}
      <Button type="submit" loading={save.isPending}>
        {t('save')}
      </Button>
    </form>
  )
}
