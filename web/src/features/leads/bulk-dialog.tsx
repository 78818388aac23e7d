import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { useAskOperation, usePreview, type OperationWish } from '@/api/operations'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import css from './bulk.module.css'

interface Props {
  title: string
  /** The verb of the button, to which the number is added. */
  verb: 'assign' | 'edit' | 'delete'
  /** What would be done; undefined while something is still to be said. */
  wish?: OperationWish
  /** What is asked for to count, which may be less than what would be done. */
  probe: OperationWish
  danger?: boolean
  onClose: () => void
  onAsked: () => void
  children?: ReactNode
}

/** Asks before many records are changed, and says how many. */
export function BulkDialog({ title, verb, wish, probe, danger = false, onClose, onAsked, children }: Props) {
  const { t, i18n } = useTranslation('leads')
  const ask = useAskOperation()
  const preview = usePreview(probe, true)
  const number = (count: number) => new Intl.NumberFormat(i18n.language).format(count)
  const count = preview.data?.count
  const fault = ask.error ?? preview.error
  const start = () => wish && ask.mutate(wish, { onSuccess: onAsked })
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        {children}
        <output className={css.note}>
          {count === undefined ? !preview.error && t('bulkCounting') : t('bulkCount', { count, number: number(count) })}
          {preview.data && preview.data.skipped > 0 && ` ${t('bulkSkipped', { count: preview.data.skipped, number: number(preview.data.skipped) })}`}
        </output>
        {verb === 'delete' && <p className={css.note}>{t('deleteNote')}</p>}
        {fault && (
          <p className={css.fault} role="alert">
            {faultText(fault)}
          </p>
        )}
        <div className={css.actions}>
          <Button type="submit" color={danger ? 'red' : undefined} disabled={!wish || !count} loading={ask.isPending}>
            {count === undefined ? t(verb) : t(`bulkDo.${verb}`, { count, number: number(count) })}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function faultText(error: Error): string {
  if (error instanceof Problem && error.errors.length > 0) return error.errors.map(({ message }) => message).join(' ')
  return error.message
}
