import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Problem } from '@/api/call'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { PasswordInput } from '@/ui/password-input'
import css from './login.module.css'

/** Where a one-time link leads: its secret stands behind the #, which no server sees. */
export function SetPasswordPage() {
  const { t } = useTranslation('auth')
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => call('POST', '/session/reset', { body: { token: location.hash.slice(1), password } }),
    onSuccess: () => {
      notify(t('passwordSet'))
      void navigate({ to: '/login', replace: true })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <div className={css.page}>
      <span />
      <main className={css.door}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1>{t('setPassword')}</h1>
        <p className={css.lead}>{t('setPasswordNote')}</p>
        <form className={css.form} onSubmit={submit}>
          {save.error && (
            <p className={css.failure} role="alert">
              {(save.error instanceof Problem && save.error.errors[0]?.message) || save.error.message}
            </p>
          )}
          <PasswordInput label={t('newPassword')} autoComplete="new-password" required withAsterisk={false} minLength={8} visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" size="md" fullWidth loading={save.isPending}>
            {t('save')}
          </Button>
        </form>
      </main>
    </div>
  )
}
