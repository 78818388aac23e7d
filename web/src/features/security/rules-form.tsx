import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { listText } from '@/format/list-text'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { useSaveRules } from './queries'
import type { Profile, Rules, RulesView } from './types'
import css from './security.module.css'

/** Password rules, how long log-ins last, and whose people need a second factor. */
export function RulesForm({ view }: { view: RulesView }) {
  const { t } = useTranslation('security')
  const [rules, setRules] = useState<Rules>(view.rules)
  const save = useSaveRules()
  const change = (part: Partial<Rules>) => setRules({ ...rules, ...part })
  const choose = ({ name, most_idle_minutes: most }: Profile) => change({ profile: name, idle_minutes: Math.min(rules.idle_minutes, most) })
  const toggle = (role: string, on: boolean) => change({ factor_roles: on ? [...rules.factor_roles, role] : rules.factor_roles.filter((name) => name !== role) })
  const fault = (path: string) => (save.error instanceof Problem ? save.error.errors.find((one) => one.path === path)?.message : undefined)
  const most = view.profiles.find(({ name }) => name === rules.profile)?.most_idle_minutes
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(rules, { onSuccess: () => notify(t('saved')) })
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <h2>{t('rules')}</h2>
      <fieldset>
        <legend>{t('passwords')}</legend>
        {view.profiles.map((profile) => (
          <label key={profile.name} className={css.choice}>
            <input type="radio" name="profile" aria-label={t(`profiles.${profile.name}`)} checked={rules.profile === profile.name} onChange={() => choose(profile)} />
            <span>
              <b>{t(`profiles.${profile.name}`)}</b>
              <small>{t(`profileNotes.${profile.name}`, { least: profile.min_length, advised: profile.advised_length, classes: profile.classes, days: profile.max_age_days, history: profile.history, lock: profile.lock_minutes })}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {rules.profile === 'mlps' && <Separation roles={view.roles} />}
      <div className={css.pair}>
        <NumberField label={t('idle')} note={t('idleNote')} value={rules.idle_minutes} min={5} max={most} fault={fault('idle_minutes')} onChange={(idle_minutes) => change({ idle_minutes })} />
        <NumberField label={t('life')} note={t('lifeNote')} value={rules.life_hours} min={1} max={8760} fault={fault('life_hours')} onChange={(life_hours) => change({ life_hours })} />
      </div>
      <fieldset>
        <legend>{t('factorRoles')}</legend>
        <p className={css.muted}>{t('factorNote')}</p>
        {view.roles.map(({ name, label, people, factor }) => (
          <label key={name} className={css.check}>
            <input type="checkbox" checked={rules.factor_roles.includes(name)} onChange={(event) => toggle(name, event.currentTarget.checked)} />
            {label} <small>{t('factorCount', { factor, people })}</small>
          </label>
        ))}
        <NumberField label={t('grace')} value={rules.factor_grace_days} min={0} max={90} fault={fault('factor_grace_days')} onChange={(factor_grace_days) => change({ factor_grace_days })} />
      </fieldset>
      {save.error && <p role="alert">{save.error.message}</p>}
      <Button type="submit" className={css.save} loading={save.isPending}>
        {t('save')}
      </Button>
    </form>
  )
}

/** Who reads the audit where "all rights" does not give it, and how to hand it on. */
function Separation({ roles }: { roles: RulesView['roles'] }) {
  const { t } = useTranslation('security')
  const auditors = roles.filter(({ audit }) => audit)
  const people = auditors.reduce((sum, role) => sum + role.people, 0)
  return (
    <section className={css.separation} aria-label={t('separation')}>
      <b>{t('separation')}</b>
      <p className={css.muted}>{t('separationNote')}</p>
      {auditors.length > 0 && <p>{t('auditors', { roles: listText(auditors.map(({ label }) => label)), count: people })}</p>}
      {people === 0 && <p className={css.bad}>{t('noAuditor')}</p>}
      <Link to="/setup/$kind" params={{ kind: 'role' }}>
        {t('toRoles')}
      </Link>
    </section>
  )
}

interface NumberProps {
  label: string
  note?: string
  value: number
  min: number
  max?: number
  fault?: string
  onChange: (value: number) => void
}

function NumberField({ label, note, value, min, max, fault, onChange }: NumberProps) {
  return (
    <label className={css.field}>
      {label}
      <input type="number" required min={min} max={max} value={value} onChange={(event) => onChange(event.currentTarget.valueAsNumber || 0)} />
      {note && <small>{note}</small>}
      {fault && <small className={css.bad}>{fault}</small>}
    </label>
  )
}
