import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useDemo } from '@/api/demo'
import { useLogIn } from '@/api/session'
import { languages, speak } from '@/i18n/setup'
import { Button } from '@/ui/button'
import { PasswordInput } from '@/ui/password-input'
import { TextInput } from '@/ui/text-input'
import { DemoLogIns } from './demo-log-ins'
import { failureText } from './failure-text'
import { safeNext } from './safe-next'
import css from './login.module.css'

/** The door: an e-mail address and a password, or one tap in the demo. */
export function LoginPage() {
  const { t } = useTranslation('auth')
  const demo = useDemo()
  const { next } = useSearch({ strict: false }) as { next?: string }
  const navigate = useNavigate()
  const logIn = useLogIn()
  const enter = (email: string, password: string) => logIn.mutate({ email, password }, { onSuccess: () => void navigate({ href: safeNext(next), replace: true }) })
  return (
    <div className={css.page}>
      <header>
        <LanguageChoice />
      </header>
      <main className={css.door}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1>{demo?.company ?? 'Clew'}</h1>
        <p className={css.lead}>{t('lead')}</p>
        <Proof pending={logIn.isPending} failure={logIn.error && failureText(logIn.error, t)} onEnter={enter} />
        {demo?.demo && <DemoLogIns logIns={demo.logins ?? []} pending={logIn.isPending} onEnter={enter} />}
      </main>
    </div>
  )
}

interface ProofProps {
  pending: boolean
  failure: string | null
  onEnter: (email: string, password: string) => void
}

function Proof({ pending, failure, onEnter }: ProofProps) {
  const { t } = useTranslation('auth')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [gaps, setGaps] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const whole = email.trim() !== '' && password !== ''
    setGaps(!whole)
    if (whole) onEnter(email.trim(), password)
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      {failure && (
        <p className={css.failure} role="alert">
          {failure}
        </p>
      )}
      <TextInput
        type="email"
        label={t('email')}
        autoComplete="username"
        inputMode="email"
        value={email}
        error={gaps && email.trim() === '' && t('emailMissing')}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('password')}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        value={password}
        error={gaps && password === '' && t('passwordMissing')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="md" fullWidth loading={pending}>
        {t('logIn')}
      </Button>
    </form>
  )
}

function LanguageChoice() {
  const { t, i18n } = useTranslation('app')
  return (
    <div className={css.languages} role="group" aria-label={t('language')}>
      {languages.map((language) => (
        <button key={language} type="button" lang={language} aria-pressed={language === i18n.language} onClick={() => void speak(language)}>
          {t(`languages.${language}`)}
        </button>
      ))}
    </div>
  )
}
