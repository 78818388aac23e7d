import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import { PasswordInput } from '@/ui/password-input'
import { useEditorWork } from './editor-context'
import { useConnectRobot, useRobots } from './robots'
import css from './panels.module.css'

/** Whether the group's robot can speak, and how it is made to: its key is kept apart from the document. */
export function RobotPanel() {
  const { t } = useTranslation('setup')
  const { kind, name } = useEditorWork()
  const may = useMay('channels.write')
  const { data } = useRobots(kind)
  if (!may || !data) return null
  const robot = data.find((one) => one.name === name)
  return (
    <aside className={css.panel} aria-label={t('connection')}>
      <h2>{t('connection')}</h2>
      <p className={css.muted}>{t(robot ? (robot.has_secret ? 'connected' : 'notConnected') : 'robotUnpublished')}</p>
      {robot && <Connect name={name} signs={robot.vendor !== 'wecom'} again={robot.has_secret} />}
    </aside>
  )
}

function Connect({ name, signs, again }: { name: string; signs: boolean; again: boolean }) {
  const { t } = useTranslation('setup')
  const [key, setKey] = useState('')
  const [secret, setSecret] = useState('')
  const connect = useConnectRobot(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const done = () => {
      setKey('')
      setSecret('')
      notify(t('robotSaved'))
    }
    connect.mutate({ key, secret: secret.trim() }, { onSuccess: done })
  }
  return (
    <form onSubmit={submit} className={css.connect}>
      <PasswordInput label={t('robotKey')} description={t('robotKeyHint')} value={key} onChange={(event) => setKey(event.currentTarget.value)} autoComplete="off" error={connect.error?.message} />
      {signs && <PasswordInput label={t('robotSecret')} description={t('robotSecretHint')} value={secret} onChange={(event) => setSecret(event.currentTarget.value)} autoComplete="off" />}
      <Button type="submit" disabled={key.trim() === ''} loading={connect.isPending}>
        {t(again ? 'reconnect' : 'connect')}
      </Button>
    </form>
  )
}
