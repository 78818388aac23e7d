import { useNavigate } from '@tanstack/react-router'
import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLogOut, useSession } from '@/api/session'
import { useChooseLanguage } from '@/i18n/account'
import { languages } from '@/i18n/setup'
import { Button } from '@/ui/button'
import { notifyError } from '@/ui/notify'
import { useScheme } from '@/ui/scheme'
import { AlertChoice } from './alert-choice'
import { FactorSection } from './factor-section'
import { PasswordForm } from './password-form'
import { PlacesSection } from './places-section'
import { TokensSection } from './tokens-section'
import css from './me.module.css'

/** The own account: who one is, the language, the look, the password, the way out. */
export function MePage() {
  const { t, i18n } = useTranslation('me')
  const user = useSession()?.user
  const choose = useChooseLanguage()
  const logOut = useLogOut()
  const navigate = useNavigate()
  const { dark, toggle } = useScheme()
  const leave = () => void logOut.mutateAsync().then(() => navigate({ to: '/login' }), notifyError)
  if (!user) return null
  return (
    <div className={css.page}>
      <header>
        <h1>{user.name}</h1>
        <p className={css.muted}>{[user.email, user.department?.label, ...user.roles.map(({ label }) => label)].filter(Boolean).join(' · ')}</p>
      </header>
      <section aria-labelledby="me-look">
        <h2 id="me-look">{t('look')}</h2>
        <div className={css.row} role="group" aria-label={t('language')}>
          {languages.map((language) => (
            <Button key={language} variant={language === i18n.language ? 'filled' : 'default'} aria-pressed={language === i18n.language} lang={language} onClick={() => choose(language)}>
              {t(`languages.${language}`)}
            </Button>
          ))}
          <Button variant="default" onClick={toggle}>
            {t(dark ? 'toLight' : 'toDark')}
          </Button>
        </div>
      </section>
      <section aria-labelledby="me-alerts">
        <h2 id="me-alerts">{t('alerts')}</h2>
        <AlertChoice />
      </section>
      <section aria-labelledby="me-password">
        <h2 id="me-password">{t('password')}</h2>
        <PasswordForm />
      </section>
      <FactorSection />
      <PlacesSection />
      <TokensSection />
      <section aria-labelledby="me-help">
        <h2 id="me-help">{t('help')}</h2>
        <p>
          <a href={`/help/first-day?lang=${i18n.language}`} target="_blank" rel="noopener" className={css.help}>
            <BookOpen size={18} aria-hidden />
            {t('guide')}
          </a>
        </p>
      </section>
      <section>
        <Button variant="default" loading={logOut.isPending} onClick={leave}>
          {t('logOut')}
        </Button>
      </section>
    </div>
  )
}
