import { momentText } from '@/format/moment'
import type { Fact } from './types'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** A number of bytes in the largest unit of which there is at least one, in the reader's language. */
export function bytesText(bytes: number, language: string): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const amount = bytes / 1024 ** step
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount)
}

/** A fact's value as a person reads it. */
export function factText({ kind, value }: Pick<Fact, 'kind' | 'value'>, now: Date, zone: string, language: string): string {
  if (kind === 'time') return momentText(new Date(String(value)), now, zone, language)
  if (typeof value === 'string') return value
  if (kind === 'bytes') return bytesText(value, language)
  if (kind === 'seconds') return new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' }).format(value)
  return new Intl.NumberFormat(language).format(value)
}
