import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { desktopOn, switchDesktop, useAlerts, useChooseAlerts, type Alerts } from '@/api/alerts'
import css from './me.module.css'

/** Which messages the browser announces, and when. */
export function AlertChoice() {
  const { t } = useTranslation('me')
  const alerts = useAlerts()
  const choose = useChooseAlerts()
  const [desktop, setDesktop] = useState(desktopOn)
  const [refused, setRefused] = useState(false)
  if (!alerts) return null
  const change = (part: Partial<Alerts>) => choose.mutate({ quiet: alerts.quiet, off: alerts.off, ...part })
  const turn = async (on: boolean) => {
    const now = await switchDesktop(on)
    setDesktop(now)
    setRefused(on && !now)
  }
  return (
    <div className={css.checks}>
      <Check label={t('desktop')} note={refused ? t('desktopRefused') : t('desktopNote')} checked={desktop} onChange={(on) => void turn(on)} />
      <Check label={t('quiet')} note={t('quietNote')} checked={alerts.quiet} onChange={(quiet) => change({ quiet })} />
      <fieldset className={css.kinds}>
        <legend>{t('announce')}</legend>
        {alerts.kinds.map((kind) => (
          <Check key={kind} label={t(`kinds.${kind}`)} checked={!alerts.off.includes(kind)} onChange={(on) => change({ off: on ? alerts.off.filter((one) => one !== kind) : [...alerts.off, kind] })} />
        ))}
      </fieldset>
      {choose.error && <p role="alert">{choose.error.message}</p>}
    </div>
  )
}

function Check({ label, note, checked, onChange }: { label: string; note?: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className={css.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {label}
        {note && <small>{note}</small>}
      </span>
    </label>
  )
}
