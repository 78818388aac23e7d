import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { keys } from '@/api/keys'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { TextInput } from '@/ui/text-input'
import { useConfirm, useEnrol, useFactor, useRemoveFactor, useRenewRecovery } from './queries'
import css from './me.module.css'

/** The own second factor: set up with an app, codes for a lost phone, taken away again. */
export function FactorSection({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation('me')
  const { data, error } = useFactor()
  const client = useQueryClient()
  const [codes, setCodes] = useState<string[] | null>(null)
  const finish = () => {
    setCodes(null)
    void client.invalidateQueries({ queryKey: keys.entrances })
    void client.invalidateQueries({ queryKey: keys.session })
    onDone?.()
  }
  return (
    <section aria-labelledby="me-factor">
      <h2 id="me-factor">{t('factor')}</h2>
      {error && <p className={css.failure}>{error.message}</p>}
      {codes && <Recovery codes={codes} onKept={finish} />}
      {!codes && data && (data.enrolled ? <Enrolled left={data.recovery_left} onCodes={setCodes} /> : <SetUp onCodes={setCodes} />)}
    </section>
  )
}

function SetUp({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation('me')
  const enrol = useEnrol()
  const confirm = useConfirm()
  if (!enrol.data) {
    return (
      <>
        <p className={css.muted}>{t('factorNote')}</p>
        {enrol.error && <p className={css.failure}>{enrol.error.message}</p>}
        <Button className={css.below} loading={enrol.isPending} onClick={() => enrol.mutate()}>
          {t('factorSetUp')}
        </Button>
      </>
    )
  }
  return (
    <div className={css.setUp}>
      <img src={enrol.data.qr} width={184} height={184} alt={t('qrAlt')} />
      <div className={css.form}>
        <p className={css.plain}>{t('scan')}</p>
        <p className={css.plain}>
          {t('typeInstead')} <code>{enrol.data.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </p>
        <CodeForm label={t('codeShown')} button={t('factorOn')} pending={confirm.isPending} error={confirm.error} onCode={(code) => confirm.mutate(code, { onSuccess: (made) => onCodes(made.codes) })} />
      </div>
    </div>
  )
}

function Enrolled({ left, onCodes }: { left: number; onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation('me')
  const [asks, setAsks] = useState<'recovery' | 'remove' | null>(null)
  const renew = useRenewRecovery()
  const remove = useRemoveFactor()
  const act = (code: string) => {
    if (asks === 'recovery') renew.mutate(code, { onSuccess: (made) => onCodes(made.codes) })
    else remove.mutate(code, { onSuccess: () => notify(t('factorOffDone')) })
  }
  const running = asks === 'recovery' ? renew : remove
  return (
    <>
      <p className={left < 3 ? css.warn : css.muted}>{t('factorIsOn', { count: left })}</p>
      <div className={css.row}>
        <Button variant="default" aria-expanded={asks === 'recovery'} onClick={() => setAsks('recovery')}>
          {t('renewRecovery')}
        </Button>
        <Button variant="default" aria-expanded={asks === 'remove'} onClick={() => setAsks('remove')}>
          {t('factorOff')}
        </Button>
      </div>
      {asks && (
        <div className={css.form}>
          <CodeForm label={t('codeOrRecovery')} button={t(asks === 'recovery' ? 'renewRecovery' : 'factorOff')} pending={running.isPending} error={running.error} onCode={act} />
        </div>
      )}
    </>
  )
}

interface CodeFormProps {
  label: string
  button: string
  pending: boolean
  error: Error | null
  onCode: (code: string) => void
}

function CodeForm({ label, button, pending, error, onCode }: CodeFormProps): ReactNode {
  const [code, setCode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onCode(code.trim())
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput label={label} required withAsterisk={false} autoComplete="one-time-code" value={code} error={error && ((error instanceof Problem && error.errors[0]?.message) || error.message)} onChange={(event) => setCode(event.currentTarget.value)} />
      <Button type="submit" className={css.save} loading={pending}>
        {button}
      </Button>
    </form>
  )
}

/** The recovery codes, shown once: the way on stands behind saying that they are kept. */
function Recovery({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation('me')
  const text = codes.join('\n')
  return (
    <div className={css.form}>
      <p className={css.warn}>{t('recoveryNote')}</p>
      <ul className={css.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={css.row}>
        <Button component="a" variant="default" download="clew-recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
          {t('downloadCodes')}
        </Button>
        <Button onClick={onKept}>{t('codesKept')}</Button>
      </div>
    </div>
  )
}
