import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { inputText, instantText } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { DateTimeInput } from '@/ui/date-time-input'
import { Modal } from '@/ui/modal'
import { addDays, dayOf, onDay } from './days'
import { useMove, type AgendaItem } from './queries'
import css from './agenda.module.css'

/** A thing to do on its way to another time. */
export interface Moving {
  item: AgendaItem
  due: string
}

interface Props extends Moving {
  now: Date
  zone: string
  onClose: () => void
  onMoved: (item: AgendaItem, was: string) => void
}

const reasons = ['customer', 'noAnswer', 'travel', 'waiting'] as const

/** Asks for the new time, and why a promised step is put off. */
export function MoveDialog({ item, due: begun, now, zone, onClose, onMoved }: Props) {
  const { t } = useTranslation('agenda')
  const [due, setDue] = useState(begun)
  const [reason, setReason] = useState('')
  const move = useMove()
  const today = dayOf(now, zone)
  const later = new Date(due) > new Date(item.due_at)
  const asks = item.kind === 'follow_up' && later
  const past = new Date(due) <= now
  const submit = (event: FormEvent) => {
    event.preventDefault()
    move.mutate(
      { item, due, reason: asks ? reason.trim() : '' },
      {
        onSuccess: (moved) => {
          onMoved(moved, item.due_at)
          onClose()
        },
      },
    )
  }
  return (
    <Modal opened onClose={onClose} title={t('moveTitle', { label: item.label })}>
      <form className={css.move} onSubmit={submit}>
        <div className={css.picks}>
          {[1, 2, 7].map((days) => (
            <Button key={days} variant="default" size="xs" onClick={() => setDue(onDay(item.due_at, addDays(today, days), zone))}>
              {t(`inDays.${days}`)}
            </Button>
          ))}
        </div>
        <div className={css.field}>
          <span>{t('newTime')}</span>
          <DateTimeInput label={t('newTime')} value={inputText(due, zone)} onChange={(text) => setDue(instantText(text, zone) || due)} />
        </div>
        {past && due !== item.due_at && (
          <p role="alert" className={css.failure}>
            {t('past')}
          </p>
        )}
        {asks && (
          <fieldset className={css.field}>
            <legend>{t('reason')}</legend>
            <div className={css.picks}>
              {reasons.map((name) => (
                <Button key={name} variant={reason === t(`reasons.${name}`) ? 'filled' : 'default'} size="xs" aria-pressed={reason === t(`reasons.${name}`)} onClick={() => setReason(t(`reasons.${name}`))}>
                  {t(`reasons.${name}`)}
                </Button>
              ))}
            </div>
            <input aria-label={t('reason')} required maxLength={200} value={reason} placeholder={t('reasonHint')} onChange={(event) => setReason(event.currentTarget.value)} />
          </fieldset>
        )}
        {move.error && (
          <p role="alert" className={css.failure}>
            {move.error.message}
          </p>
        )}
        <div className={css.foot}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={move.isPending} disabled={due === item.due_at || past || (asks && reason.trim() === '')}>
            {t('move')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
