import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import type { Channel } from './types'
import css from './intake.module.css'

/** Where the world sends to: the address, and for a form the code to point a phone at. */
export function PublicAddress({ channel }: { channel: Channel }) {
  const { t } = useTranslation('intake')
  return (
    <section className={css.address} aria-label={t('address')}>
      <div>
        <p className={css.muted}>{channel.kind === 'form' ? t('addressForm') : t('addressPush')}</p>
        <p className={css.url}>
          {channel.kind === 'form' ? <a href={channel.url}>{channel.url}</a> : <code>{channel.url}</code>}
          <CopyButton text={channel.url} />
        </p>
      </div>
      {channel.kind === 'form' && <img className={css.qr} src={`${new URL(channel.url, window.location.href).pathname}/qr.svg`} alt={t('qr', { channel: channel.label })} width={120} height={120} />}
    </section>
  )
}

/** Copies where the browser allows it (a secure page); elsewhere the text can be marked by hand. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation('intake')
  const [copied, setCopied] = useState(false)
  if (!('clipboard' in navigator)) return null
  const Icon = copied ? Check : Copy
  return (
    <Button size="xs" variant="subtle" leftSection={<Icon size={14} aria-hidden="true" />} onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {copied ? t('copied') : t('copy')}
    </Button>
  )
}
