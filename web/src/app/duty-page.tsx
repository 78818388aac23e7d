import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys } from '@/api/keys'
import { useLogOut, type Session } from '@/api/session'
import { FactorSection } from '@/features/me/factor-section'
import { PasswordForm } from '@/features/me/password-form'
import { Button } from '@/ui/button'
import { notifyError } from '@/ui/notify'
import css from './duty-page.module.css'

/** What somebody has to do before anything else: a new password, or a second factor. */
export function DutyPage({ session }: { session: Session }) {
  const { t } = useTranslation('app')
  const client = useQueryClient()
  const logOut = useLogOut()
  const done = () => void client.invalidateQueries({ queryKey: keys.session })
  return (
    <main className={css.page}>
      <h1>{t(`duty.${session.duty === 'password' ? 'password' : 'factor'}`)}</h1>
      <p>{t(`duty.${session.duty === 'password' ? 'passwordNote' : 'factorNote'}`)}</p>
      {session.duty === 'password' ? <PasswordForm /> : <FactorSection onDone={done} />}
      <Button variant="subtle" onClick={() => logOut.mutate(undefined, { onSuccess: () => location.assign('/login'), onError: notifyError })}>
        {t('logOut')}
      </Button>
    </main>
  )
}
