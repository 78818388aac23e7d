import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useDemo } from '@/api/demo'
import { useWaysIn } from '@/api/session'
import { languages, speak } from '@/i18n/setup'
import { Button } from '@/ui/button'
import { notifyError } from '@/ui/notify'
import { DemoLogIns } from './demo-log-ins'
import { CodeProof, PasswordProof, useDoor } from './proof'
import { providerFailure } from './failure-text'
import { safeNext } from './safe-next'
import css from './login.module.css'

/** The door: an e-mail address and a password, the company's provider, or one tap in the demo. */
export function LoginPage() {
  const { t } = useTranslation('auth')
  const demo = useDemo()
  const { next, error } = useSearch({ strict: false }) as { next?: string; error?: string }
  const navigate = useNavigate()
  const door = useDoor(() => void navigate({ href: safeNext(next), replace: true }))
  return (
    <div className={css.page}>
      <header>
        <LanguageChoice />
      </header>
      <main className={css.door}>
        <img src="/favicon.svg" alt="" width={40} height={40} />
        <h1>{demo?.company ?? 'Clew'}</h1>
        <p className={css.lead}>{t(door.half ? 'halfway' : 'lead')}</p>
        {error && !door.failure && (
          <p className={css.failure} role="alert">
            {providerFailure(error, t)}
          </p>
        )}
        {door.half ? <CodeProof door={door} /> : <PasswordProof door={door} />}
        {!door.half && <ProviderWay next={safeNext(next)} />}
        {demo?.demo && !door.half && <DemoLogIns logIns={demo.logins ?? []} pending={door.pending} onEnter={(email, password) => door.enter({ email, password })} />}
      </main>
    </div>
  )
}

/** The company's own log-in, where there is one. */
function ProviderWay({ next }: { next: string }) {
  const { t } = useTranslation('auth')
  const provider = useWaysIn()?.provider
  if (!provider) return null
  return (
    <div className={css.provider}>
      <span>{t('or')}</span>
      <Button component="a" variant="default" size="md" href={`/auth/oidc?next=${encodeURIComponent(next)}`}>
        {provider.label}
      </Button>
    </div>
  )
}

function LanguageChoice() {
  const { t, i18n } = useTranslation('app')
  return (
    <div className={css.languages} role="group" aria-label={t('language')}>
      {languages.map((language) => (
        <button key={language} type="button" lang={language} aria-pressed={language === i18n.language} onClick={() => void speak(language).catch(notifyError)}>
          {t(`languages.${language}`)}
        </button>
      ))}
    </div>
  )
}
