import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { notifyError } from '@/ui/notify'
import { TextInput } from '@/ui/text-input'
import { useEndToken, useNewToken, useTokens } from './queries'
import css from './me.module.css'

/** The keys for programs that act as oneself; the text of a new one is shown once. */
export function TokensSection() {
  const { t, i18n } = useTranslation('me')
  const { data, error } = useTokens()
  const make = useNewToken()
  const end = useEndToken()
  const [name, setName] = useState('')
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate(name, { onSuccess: () => setName('') })
  }
  return (
    <section aria-labelledby="me-tokens">
      <h2 id="me-tokens">{t('tokens')}</h2>
      <p className={css.muted}>{t('tokensNote')}</p>
      {error && <p className={css.failure}>{error.message}</p>}
      <ul className={css.list}>
        {data?.map((token) => (
          <li key={token.id}>
            <span>
              <b>{token.name}</b>
              <small>{token.seen_at ? t('seen', { at: day.format(new Date(token.seen_at)) }) : t('neverUsed')}</small>
            </span>
            <Button size="xs" variant="default" aria-label={t('endTokenNamed', { name: token.name })} onClick={() => end.mutate(token.id, { onError: notifyError })}>
              {t('endToken')}
            </Button>
          </li>
        ))}
      </ul>
      {make.data && (
        <p className={css.once}>
          {t('tokenOnce')} <code>{make.data.token}</code>
        </p>
      )}
      <form className={css.line} onSubmit={submit}>
        <TextInput label={t('tokenName')} required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={make.isPending}>
          {t('newToken')}
        </Button>
      </form>
      {make.error && <p className={css.failure}>{make.error.message}</p>}
    </section>
  )
}
