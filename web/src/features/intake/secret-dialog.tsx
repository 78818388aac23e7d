import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import { PasswordInput } from '@/ui/password-input'
import { useSetSecret } from './queries'
import type { Channel } from './types'
import css from './intake.module.css'

/** Sets a channel's secret; it can be replaced, never read back. */
export function SecretDialog({ channel, open, onClose }: { channel: Channel; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('intake')
  const [secret, setSecret] = useState('')
  const set = useSetSecret(channel.name)
  const close = () => {
    setSecret('')
    set.reset()
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    set.mutate(secret, { onSuccess: close })
  }
  return (
    <Modal opened={open} onClose={close} title={t('secretTitle', { channel: channel.label })}>
      <form onSubmit={submit} className={css.form}>
        <p className={css.muted}>{t('secretNote')}</p>
        <PasswordInput label={t('secret')} value={secret} onChange={(event) => setSecret(event.currentTarget.value)} autoComplete="off" required data-autofocus error={set.error?.message} />
        <Button type="submit" disabled={secret === ''} loading={set.isPending}>
          {t('secretSave')}
        </Button>
      </form>
    </Modal>
  )
}
