import { useNavigate } from '@tanstack/react-router'
import { PhoneIncoming } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import css from './lookup.module.css'

/** Who is calling: a number, a name or a company opens what is known of the customer. */
export function Lookup({ label }: { label: string }) {
  const { t } = useTranslation('home')
  const [typed, setTyped] = useState('')
  const navigate = useNavigate()
  const id = useId()
  const find = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim()) void navigate({ to: '/search', search: { q: typed.trim() } })
  }
  return (
    <form className={css.lookup} role="search" onSubmit={find}>
      <label htmlFor={id}>
        <PhoneIncoming size={16} aria-hidden />
        {label}
      </label>
      <input id={id} type="search" value={typed} placeholder={t('lookupHint')} autoComplete="off" onChange={(event) => setTyped(event.currentTarget.value)} />
      <Button type="submit">{t('lookup')}</Button>
    </form>
  )
}
