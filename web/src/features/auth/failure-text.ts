import type { TFunction } from 'i18next'
import { Problem } from '@/api/call'

/** Why a log-in did not work, in words. */
export function failureText(error: Error, t: TFunction<'auth'>): string {
  if (!(error instanceof Problem)) return t('failed')
  if (error.status === 0) return t('offline')
  if (error.code === 'bad_credentials') return t('badCredentials')
  if (error.errors[0]?.code === 'wrong_code') return t('wrongCode')
  if (error.code === 'locked') return t('locked', { count: Math.max(1, Math.ceil(Number(error.body.retry_after ?? 60) / 60)) })
  if (error.status === 429) return t('tooMany')
  return error.message || t('failed')
}

/** What the provider's way back may say. */
const providerCodes = ['provider_state', 'provider_refused', 'provider_failed', 'provider_unreachable', 'provider_unreadable', 'email_unverified', 'not_known', 'linked_elsewhere'] as const

/** Why a log-in by the provider did not work, in words. */
export function providerFailure(code: string, t: TFunction<'auth'>): string {
  const known = providerCodes.find((one) => one === code)
  return known ? t(`provider.${known}`) : t('failed')
}
