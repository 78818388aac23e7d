import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { readTime } from '@/format/date-text'
import { DateInput } from './date-input'
import css from './date-time-input.module.css'

interface Props {
  id?: string
  label: string
  /** YYYY-MM-DDTHH:mm in some zone, or blank. */
  value: string
  min?: string
  autoFocus?: boolean
  'aria-invalid'?: boolean
  'aria-describedby'?: string
  /** With a whole civil time, or blank while it is none. */
  onChange: (text: string) => void
  onKeyDown?: (event: KeyboardEvent) => void
}

/** The time that a day gets before one is typed. */
const usualTime = '18:00'

/** A day and a time of day, both typed or the day chosen. */
export function DateTimeInput({ value, min, label, onChange, onKeyDown, ...rest }: Props) {
  const { t } = useTranslation('app')
  const [typed, setTyped] = useState<string>()
  /** A time that has no day yet, or no longer. */
  const [kept, setKept] = useState('')
  const [day = '', time = ''] = value.split('T')
  const wrong = typed !== undefined && readTime(typed) === undefined
  const typeTime = (text: string) => {
    setTyped(text)
    const read = readTime(text)
    if (read && day) onChange(`${day}T${read}`)
  }
  const chooseDay = (next: string) => {
    if (!next && time) setKept(time.slice(0, 5))
    onChange(next ? `${next}T${(typed && readTime(typed)) || time.slice(0, 5) || kept || usualTime}` : '')
  }
  const leaveTime = () => {
    if (wrong) return
    if (typed !== undefined && !day) setKept(readTime(typed) ?? '')
    setTyped(undefined)
  }
  return (
    <span className={css.both}>
      <DateInput {...rest} label={label} value={day} min={min?.slice(0, 10)} onKeyDown={onKeyDown} onChange={chooseDay} />
      <input
        className={css.time}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={`${label} ${t('timeOfDay')}`}
        aria-invalid={wrong}
        placeholder={usualTime}
        value={typed ?? (day ? time.slice(0, 5) : kept)}
        onChange={(event) => typeTime(event.currentTarget.value)}
        onBlur={leaveTime}
        onKeyDown={onKeyDown}
      />
    </span>
  )
}
