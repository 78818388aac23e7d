import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { useChangeSession } from '@/api/session'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { PasswordInput } from '@/ui/password-input'
import css from './me.module.css'

/** A new password, proved by the old one. */
export function PasswordForm() {
  const { t } = useTranslation('me')
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const change = useChangeSession()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { password: { old, new: fresh } },
      {
        onSuccess: () => {
          setOld('')
          setFresh('')
          notify(t('passwordChanged'))
        },
      },
    )
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <PasswordInput label={t('oldPassword')} autoComplete="current-password" required withAsterisk={false} value={old} onChange={(event) => setOld(event.currentTarget.value)} />
      <PasswordInput
        label={t('newPassword')}
        description={t('passwordNote')}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={8}
        value={fresh}
        onChange={(event) => setFresh(event.currentTarget.value)}
      />
      {change.error && (
        <p className={css.failure} role="alert">
          {reasonOf(change.error)}
        </p>
      )}
      <Button type="submit" className={css.save} loading={change.isPending}>
        {t('changePassword')}
      </Button>
    </form>
  )
}

/** The first field's reason says more than the answer as a whole. */
const reasonOf = (error: Error) => (error instanceof Problem && error.errors[0]?.message) || error.message
