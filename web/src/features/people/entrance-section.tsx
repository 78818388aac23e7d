import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { notify, notifyError } from '@/ui/notify'
import { useEntrances, useMakeReset, useResetFactor, useRevokeEntrances, useUnlink } from './queries'
import type { User } from './types'
import css from './people.module.css'

/** How somebody comes in: a link for a new password, log-ins to end, a lost second factor. */
export function EntranceSection({ user }: { user: User }) {
  const { t } = useTranslation('people')
  const secures = useMay('security.write')
  const make = useMakeReset(user.id)
  return (
    <section className={css.leave} aria-label={t('entrance')}>
      <h3>{t('entrance')}</h3>
      <div className={css.row}>
        <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
          {t('makeLink')}
        </Button>
      </div>
      {make.data && <LinkOnce token={make.data.token} />}
      {make.error && <p role="alert">{make.error.message}</p>}
      {secures && <Secured user={user} />}
    </section>
  )
}

function LinkOnce({ token }: { token: string }) {
  const { t } = useTranslation('people')
  const [copied, setCopied] = useState(false)
  const address = `${location.origin}/set-password#${token}`
  const copy = () => void navigator.clipboard?.writeText(address).then(() => setCopied(true))
  return (
    <div className={css.row}>
      <label>
        {t('linkOnce')}
        <input readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <Button variant="default" onClick={copy}>
        {t(copied ? 'copied' : 'copy')}
      </Button>
    </div>
  )
}

function Secured({ user }: { user: User }) {
  const { t } = useTranslation('people')
  const { data } = useEntrances(user.id)
  const revoke = useRevokeEntrances(user.id)
  const factor = useResetFactor(user.id)
  const unlink = useUnlink(user.id)
  const telling = (done: 'loggedOut' | 'factorGone' | 'unlinked') => ({ onSuccess: () => notify(t(done)), onError: notifyError })
  if (!data) return null
  return (
    <>
      <p className={css.muted}>
        {t('entrances', { sessions: data.sessions.length, tokens: data.tokens.length })} {t(data.factor ? 'hasFactor' : 'noFactor')}
      </p>
      <div className={css.row}>
        <Button variant="default" disabled={data.sessions.length === 0} loading={revoke.isPending} onClick={() => revoke.mutate(undefined, telling('loggedOut'))}>
          {t('logOutEverywhere')}
        </Button>
        {data.factor && (
          <Button variant="default" loading={factor.isPending} onClick={() => confirm(t('resetFactorSure', { name: user.name })) && factor.mutate(undefined, telling('factorGone'))}>
            {t('resetFactor')}
          </Button>
        )}
        <Button variant="default" loading={unlink.isPending} onClick={() => unlink.mutate(undefined, telling('unlinked'))}>
          {t('unlink')}
        </Button>
      </div>
    </>
  )
}
