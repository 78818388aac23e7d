import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { keepToken } from '@/api/call'
import { useWaysIn, type Session } from '@/api/session'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import { CodeProof, PasswordProof, useDoor } from './proof'
import css from './login.module.css'

/** Asks for a log-in over the present page: what was typed there stays, and what was sent goes on. */
export function AgainDialog({ session, onDone }: { session: Session; onDone: () => void }) {
  const { t } = useTranslation('auth')
  const entered = (user: string) => (user === session.user.id ? onDone() : location.assign('/home'))
  const door = useDoor(entered, true)
  const provider = useWaysIn()?.provider
  return (
    <Modal opened onClose={() => location.assign('/login')} title={t('againTitle')} closeOnClickOutside={false} closeOnEscape={false}>
      <p className={css.lead}>{t(door.half ? 'halfway' : 'againNote')}</p>
      {door.half ? <CodeProof door={door} /> : <PasswordProof door={door} email={session.user.email} />}
      {provider && !door.half && <ProviderAgain label={provider.label} onEntered={entered} />}
    </Modal>
  )
}

/** The provider's log-in in a tab of its own; back here, it is seen whether that worked. */
function ProviderAgain({ label, onEntered }: { label: string; onEntered: (user: string) => void }) {
  const { t } = useTranslation('auth')
  useEffect(() => {
    const look = async () => {
      const answer = await fetch('/api/v1/session')
      if (!answer.ok) return
      const session = (await answer.json()) as Session
      keepToken(session.csrf)
      onEntered(session.user.id)
    }
    const onFocus = () => void look().catch(() => undefined)
    addEventListener('focus', onFocus)
    return () => removeEventListener('focus', onFocus)
  }, [onEntered])
  return (
    <div className={css.provider}>
      <span>{t('or')}</span>
      <Button variant="default" onClick={() => window.open('/auth/oidc?next=/me', '_blank', 'noopener')}>
        {label}
      </Button>
    </div>
  )
}
