import type { Minutes } from './types'

/** A time in the unit people would say it in; null when there is none. */
export function minutesText(minutes: Minutes): { unit: 'minutes' | 'hours' | 'days'; count: number } | null {
  if (minutes === null || minutes === '') return null
  const count = Number(minutes)
  if (!Number.isFinite(count)) return null
  if (count < 120) return { unit: 'minutes', count: Math.round(count) }
  if (count < 48 * 60) return { unit: 'hours', count: Math.round(count / 6) / 10 }
  return { unit: 'days', count: Math.round(count / 144) / 10 }
}
