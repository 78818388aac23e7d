import { useTranslation } from 'react-i18next'
import type { DemoLogIn } from '@/api/demo'
import css from './login.module.css'

interface Props {
  logIns: DemoLogIn[]
  pending: boolean
  onEnter: (email: string, password: string) => void
}

/** The demo's people: one tap and one is in. */
export function DemoLogIns({ logIns, pending, onEnter }: Props) {
  const { t, i18n } = useTranslation('auth')
  const roleText = (role: string) => (i18n.exists(`auth:demoRoles.${role}`) ? t(`demoRoles.${role}`) : '')
  return (
    <section className={css.demo} aria-labelledby="demo-title">
      <h2 id="demo-title">{t('demoTitle')}</h2>
      <ul>
        {logIns.map(({ email, password, role, name }) => (
          <li key={email}>
            <button type="button" className={css.person} disabled={pending} onClick={() => onEnter(email, password)}>
              <span className={css.avatar} aria-hidden>
                {name.slice(0, 1)}
              </span>
              <span className={css.who}>
                <b>{name}</b>
                <span>{roleText(role) || email}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
