import type { TFunction } from 'i18next'
import { Problem } from '@/api/call'

/** Why a log-in did not work, in words. */
export function failureText(error: Error, t: TFunction<'auth'>): string {
  if (!(error instanceof Problem)) return t('failed')
  if (error.status === 0) return t('offline')
  if (error.code === 'bad_credentials') return t('badCredentials')
  if (error.code === 'locked') return t('locked', { count: Math.max(1, Math.ceil(Number(error.body.retry_after ?? 60) / 60)) })
  if (error.status === 429) return t('tooMany')
  return error.message || t('failed')
}
