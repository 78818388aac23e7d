import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { Button } from '@/ui/button'
import { useAddLeave, useDropLeave, useLeave } from './queries'
import type { User } from './types'
import { DateInput } from '@/ui/date-input'
import css from './people.module.css'

/** A leave ends before its end: the last day is the one before midnight. */
const lastDay = (end: string) => new Date(new Date(end).getTime() - 1)

/** When somebody is away and gets no leads, in whole days of the company's zone. */
export function LeaveList({ user }: { user: User }) {
  const { t, i18n } = useTranslation('people')
  const zone = useSession()?.company.zone ?? 'UTC'
  const { data, error } = useLeave(user.id)
  const add = useAddLeave(user.id)
  const drop = useDropLeave()
  const [input, setInput] = useState({ from: '', to: '', reason: '' })
  const day = new Intl.DateTimeFormat(i18n.language, { timeZone: zone, dateStyle: 'medium' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(input, { onSuccess: () => setInput({ from: '', to: '', reason: '' }) })
  }
  return (
    <section className={css.leave} aria-label={t('leave')}>
      <h3>{t('leave')}</h3>
      {error && <p role="alert">{error.message}</p>}
      <ul className={css.plain}>
        {data?.map(({ id, from, to, reason }) => (
          <li key={id}>
            <span>
              {day.formatRange(new Date(from), lastDay(to))} {reason}
            </span>
            <Button size="xs" variant="subtle" onClick={() => drop.mutate(id)}>
              {t('drop')}
              <span className={css.hidden}>{day.format(new Date(from))}</span>
            </Button>
          </li>
        ))}
        {data?.length === 0 && <li className={css.muted}>{t('noLeave')}</li>}
      </ul>
      {drop.error && <p role="alert">{drop.error.message}</p>}
      <form className={css.row} onSubmit={submit}>
        <label>
          {t('from')}
          <DateInput label={t('from')} required value={input.from} onChange={(day) => setInput({ ...input, from: day })} />
        </label>
        <label>
          {t('to')}
          <DateInput label={t('to')} required min={input.from} value={input.to} onChange={(day) => setInput({ ...input, to: day })} />
        </label>
        <label>
          {t('reason')}
          <input value={input.reason} onChange={(event) => setInput({ ...input, reason: event.currentTarget.value })} />
        </label>
        <Button type="submit" variant="default" loading={add.isPending}>
          {t('addLeave')}
        </Button>
      </form>
      {add.error && <p role="alert">{add.error.message}</p>}
    </section>
  )
}
