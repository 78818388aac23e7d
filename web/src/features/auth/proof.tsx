import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLogIn, type Proof } from '@/api/session'
import { Button } from '@/ui/button'
import { PasswordInput } from '@/ui/password-input'
import { TextInput } from '@/ui/text-input'
import { failureText } from './failure-text'
import css from './login.module.css'

/** A log-in in one or two steps, for the page and for the dialog. */
export function useDoor(onEntered: (user: string) => void, again = false) {
  const { t } = useTranslation('auth')
  const logIn = useLogIn(again)
  const [half, setHalf] = useState(false)
  const enter = (proof: Proof | { code: string }) =>
    logIn.mutate(proof, {
      onSuccess: ({ step, user }) => {
        setHalf(step === 'factor')
        if (!step) onEntered(user?.id ?? '')
      },
      onError: (error) => {
        if ('status' in error && error.status === 401 && 'code' in proof) setHalf(false) // took too long
      },
    })
  return { enter, half, back: () => setHalf(false), pending: logIn.isPending, failure: logIn.error && failureText(logIn.error, t) }
}

export type Door = ReturnType<typeof useDoor>

/** Address and password; the address may stand fast. */
export function PasswordProof({ door, email: known }: { door: Door; email?: string }) {
  const { t } = useTranslation('auth')
  const [email, setEmail] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [gaps, setGaps] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    const whole = email.trim() !== '' && password !== ''
    setGaps(!whole)
    if (whole) door.enter({ email: email.trim(), password })
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <Failure text={door.failure} />
      <TextInput
        type="email"
        label={t('email')}
        autoComplete="username"
        inputMode="email"
        value={email}
        readOnly={known !== undefined}
        error={gaps && email.trim() === '' && t('emailMissing')}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('password')}
        autoComplete="current-password"
        data-autofocus={known !== undefined || undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        value={password}
        error={gaps && password === '' && t('passwordMissing')}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" size="md" fullWidth loading={door.pending}>
        {t('logIn')}
      </Button>
    </form>
  )
}

/** The second step: a code of the app, or a recovery code. */
export function CodeProof({ door }: { door: Door }) {
  const { t } = useTranslation('auth')
  const [code, setCode] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (code.trim()) door.enter({ code: code.trim() })
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <Failure text={door.failure} />
      <TextInput
        label={t('code')}
        description={t('codeNote')}
        autoComplete="one-time-code"
        autoCapitalize="none"
        ref={field}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" size="md" fullWidth loading={door.pending}>
        {t('goOn')}
      </Button>
      <Button variant="subtle" onClick={door.back}>
        {t('back')}
      </Button>
    </form>
  )
}

function Failure({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <p className={css.failure} role="alert">
      {text}
    </p>
  )
}
