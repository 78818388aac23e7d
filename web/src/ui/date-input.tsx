import { CalendarDays } from 'lucide-react'
import { lazy, Suspense, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { dateText, readDate } from '@/format/date-text'
import { Popover } from './popover'
import { IconButton } from './icon-button'
import css from './date-input.module.css'

const Calendar = lazy(() => import('./calendar').then(({ Calendar: component }) => ({ default: component })))

interface Props {
  id?: string
  /** Its name, where no label stands beside it. */
  label?: string
  /** YYYY-MM-DD, or blank. */
  value: string
  min?: string
  max?: string
  required?: boolean
  autoFocus?: boolean
  'aria-invalid'?: boolean
  'aria-describedby'?: string
  /** With a whole day, or blank when there is none. */
  onChange: (day: string) => void
  onKeyDown?: (event: KeyboardEvent) => void
}

const todayHere = () => {
  const now = new Date()
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
}

/** A day, typed in the reader's language or chosen in a calendar of that language, whatever the browser speaks. */
export function DateInput({ value, label, min, max, onChange, onKeyDown, ...rest }: Props) {
  const { t, i18n } = useTranslation('app')
  const [typed, setTyped] = useState<string>()
  const read = (text: string) => {
    const day = readDate(text, i18n.language, todayHere())
    return day && (!min || day >= min) && (!max || day <= max) ? day : undefined
  }
  const type = (text: string) => {
    setTyped(text)
    const day = read(text)
    if (day ?? text.trim() === '') onChange(day ?? '')
  }
  const wrong = typed !== undefined && typed.trim() !== '' && read(typed) === undefined
  return (
    <span className={css.input}>
      <input
        {...rest}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        aria-invalid={wrong || rest['aria-invalid']}
        placeholder={dateText('2026-01-31', i18n.language)}
        value={typed ?? dateText(value, i18n.language)}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={() => !wrong && setTyped(undefined)}
        onKeyDown={onKeyDown}
      />
      <Popover
        label={label ?? t('calendar')}
        align="end"
        trigger={(props) => (
          <IconButton label={t('calendar')} {...props}>
            <CalendarDays size={16} aria-hidden="true" />
          </IconButton>
        )}
      >
        {(close) => (
          <Suspense fallback={null}>
            <Calendar
              value={value || todayHere()}
              min={min}
              max={max}
              onChoose={(day) => {
                setTyped(undefined)
                onChange(day)
                close()
              }}
            />
          </Suspense>
        )}
      </Popover>
    </span>
  )
}
