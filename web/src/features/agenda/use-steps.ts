import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notifyFailure } from '@/ui/notify'
import type { Moving } from './move-dialog'
import { useDone, useMove, type AgendaItem } from './queries'
import type { Undoable } from './undo-bar'

/** What can be done with things to do on either page: finish, move, and take that back. */
export function useSteps(language: string, zone: string) {
  const { t } = useTranslation('agenda')
  const [done, setDone] = useState<Undoable | null>(null)
  const [moving, setMoving] = useState<Moving | null>(null)
  const finish = useDone()
  const move = useMove()
  const failed = { onError: ({ message }: Error) => notifyFailure(message) }
  const moved = (item: AgendaItem, was: string) => {
    const when = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(new Date(item.due_at))
    const undo = () => move.mutate({ item, due: was, reason: t('undoReason') }, { ...failed, onSuccess: () => setDone(null) })
    setDone({ text: t('moved', { label: item.label, when }), undo })
  }
  const complete = (item: AgendaItem) =>
    finish.mutate(
      { item, done: true },
      { ...failed, onSuccess: () => setDone({ text: t('completed', { label: item.label }), undo: () => finish.mutate({ item, done: false }, { ...failed, onSuccess: () => setDone(null) }) }) },
    )
  return { done, moving, setMoving, moved, complete }
}
