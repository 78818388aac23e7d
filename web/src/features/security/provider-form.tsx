import { CircleCheck, CircleX, Plus, X } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { notify } from '@/ui/notify'
import { useDepartments, useSaveProvider, useTryProvider } from './queries'
import type { Check, Provider, ProviderView, RulesView } from './types'
import css from './security.module.css'

type Roles = RulesView['roles']

interface PartProps {
  provider: Provider
  change: (part: Partial<Provider>) => void
  fault: (path: string) => string | undefined
}

/** The company's own log-in: where it is, who comes in by it, and a test before anybody needs it. */
export function ProviderForm({ view, roles }: { view: ProviderView; roles: Roles }) {
  const { t } = useTranslation('security')
  const { has_secret: kept, callback, ...settings } = view
  const [provider, setProvider] = useState<Provider>(settings)
  const [secret, setSecret] = useState('')
  const save = useSaveProvider()
  const attempt = useTryProvider()
  const change = (part: Partial<Provider>) => setProvider({ ...provider, ...part })
  const problem = save.error ?? attempt.error
  const fault = (path: string) => (problem instanceof Problem ? problem.errors.find((one) => one.path === path)?.message : undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ provider, secret }, { onSuccess: () => { setSecret(''); notify(t('saved')) } })
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <h2>{t('provider')}</h2>
      <p className={css.muted}>{t('providerNote')}</p>
      <p className={css.copy}>
        {t('callback')} <code>{callback}</code>
      </p>
      <label className={css.check}>
        <input type="checkbox" checked={provider.enabled} onChange={(event) => change({ enabled: event.currentTarget.checked })} /> {t('enabled')}
      </label>
      <div className={css.pair}>
        <Field name="label" provider={provider} change={change} fault={fault} />
        <Field name="issuer" provider={provider} change={change} fault={fault} />
        <Field name="client_id" provider={provider} change={change} fault={fault} />
        <label className={css.field}>
          {t('secret')}
          <input type="password" autoComplete="off" value={secret} placeholder={kept ? t('secretKept') : ''} onChange={(event) => setSecret(event.currentTarget.value)} />
          <small className={fault('secret') ? css.bad : undefined}>{fault('secret') ?? t('secretNote')}</small>
        </label>
      </div>
      <label className={css.check}>
        <input type="checkbox" checked={provider.allow_private} onChange={(event) => change({ allow_private: event.currentTarget.checked })} /> {t('allowPrivate')}
      </label>
      <details className={css.more}>
        <summary>{t('whoComesIn')}</summary>
        <WhoComesIn provider={provider} change={change} fault={fault} roles={roles} />
      </details>
      {attempt.data && <Checks checks={attempt.data.checks} />}
      {problem && <p role="alert">{problem.message}</p>}
      <div className={css.row}>
        <Button type="submit" loading={save.isPending}>
          {t('save')}
        </Button>
        <Button variant="default" loading={attempt.isPending} onClick={() => attempt.mutate({ provider, secret })}>
          {t('try')}
        </Button>
      </div>
    </form>
  )
}

function Field({ name, provider, change, fault }: PartProps & { name: 'label' | 'issuer' | 'client_id' | 'email_claim' | 'group_claim' }) {
  const { t } = useTranslation('security')
  return (
    <label className={css.field}>
      {t(`fields.${name}`)}
      <input value={provider[name]} autoComplete="off" spellCheck={false} onChange={(event) => change({ [name]: event.currentTarget.value })} />
      <small className={fault(name) ? css.bad : undefined}>{fault(name) ?? t(`fieldNotes.${name}`)}</small>
    </label>
  )
}

function WhoComesIn({ provider, change, fault, roles }: PartProps & { roles: Roles }) {
  const { t } = useTranslation('security')
  const departments = useDepartments().data ?? []
  const toggle = (role: string, on: boolean) => change({ roles: on ? [...provider.roles, role] : provider.roles.filter((name) => name !== role) })
  return (
    <>
      <Field name="email_claim" provider={provider} change={change} fault={fault} />
      <label className={css.check}>
        <input type="checkbox" checked={provider.trust_email} onChange={(event) => change({ trust_email: event.currentTarget.checked })} /> {t('trustEmail')}
      </label>
      <label className={css.check}>
        <input type="checkbox" checked={provider.create} onChange={(event) => change({ create: event.currentTarget.checked })} /> {t('create')}
      </label>
      {provider.create && (
        <>
          <label className={css.field}>
            {t('department')}
            <select value={provider.department} onChange={(event) => change({ department: event.currentTarget.value })}>
              <option value="">–</option>
              {departments.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <fieldset>
            <legend>{t('newRoles')}</legend>
            {roles.map(({ name, label }) => (
              <label key={name} className={css.check}>
                <input type="checkbox" checked={provider.roles.includes(name)} onChange={(event) => toggle(name, event.currentTarget.checked)} /> {label}
              </label>
            ))}
          </fieldset>
        </>
      )}
      <Field name="group_claim" provider={provider} change={change} fault={fault} />
      {provider.group_claim && <Groups groups={provider.groups} roles={roles} onChange={(groups) => change({ groups })} />}
    </>
  )
}

function Groups({ groups, roles, onChange }: { groups: Provider['groups']; roles: Roles; onChange: (groups: Provider['groups']) => void }) {
  const { t } = useTranslation('security')
  const put = (at: number, part: Partial<Provider['groups'][number]>) => onChange(groups.map((one, i) => (i === at ? { ...one, ...part } : one)))
  return (
    <fieldset>
      <legend>{t('groups')}</legend>
      {groups.map(({ group, role }, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row has nothing else to be known by
        <div key={at} className={css.row}>
          <input aria-label={t('group')} placeholder={t('group')} value={group} onChange={(event) => put(at, { group: event.currentTarget.value })} />
          <select aria-label={t('role')} value={role} onChange={(event) => put(at, { role: event.currentTarget.value })}>
            {roles.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
          <IconButton label={t('removeGroup')} onClick={() => onChange(groups.filter((_, i) => i !== at))}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <Button size="xs" variant="default" leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => onChange([...groups, { group: '', role: roles[0]?.name ?? '' }])}>
        {t('addGroup')}
      </Button>
    </fieldset>
  )
}

function Checks({ checks }: { checks: Check[] }) {
  const { t } = useTranslation('security')
  return (
    <ul className={css.checks} aria-label={t('try')}>
      {checks.map(({ name, ok, message }) => (
        <li key={name} className={ok ? css.good : css.bad}>
          {ok ? <CircleCheck size={16} aria-hidden="true" /> : <CircleX size={16} aria-hidden="true" />} {t(`checks.${name}`)} {ok ? t('fine') : message}
        </li>
      ))}
    </ul>
  )
}
