import type { TFunction } from 'i18next'
import type { Operation } from '@/api/operations'
import { listText } from '@/format/list-text'

/** What an operation does, in a few words. */
export function headline(operation: Operation, t: TFunction<'operations'>): string {
  const { action, label, owner, pool, fields = [] } = operation
  if (action === 'assign') {
    if (pool) return t('what.pool', { label, to: pool.label ?? pool.id })
    if (owner) return t('what.owner', { label, to: owner.label ?? '' })
    return t('what.routing', { label })
  }
  if (action === 'edit') {
    const changes = fields.map((field) => t('what.change', { field: field.label, value: field.text ?? t('blank') }))
    return t('what.edit', { label, changes: listText(changes) })
  }
  return t(`what.${action}`, { label })
}

/** How much of an operation is dealt with, of 1. */
export function share({ total, done, failed, state }: Operation): number {
  if (state === 'done') return 1
  return total === 0 ? 0 : Math.min(1, (done + failed) / total)
}
