import { useId } from 'react'
import css from './choice-chips.module.css'

interface Props {
  label: string
  options: { name: string; label: string }[]
  value: string
  fault?: boolean
  /** Whether a second tap takes the choice back. */
  clearable?: boolean
  onChange: (name: string) => void
}

/** One choice out of a few, as chips large enough for a thumb; arrow keys move as in any radio group. */
export function ChoiceChips({ label, options, value, fault = false, clearable = false, onChange }: Props) {
  const id = useId()
  return (
    <div className={css.group} role="radiogroup" aria-labelledby={id} aria-invalid={fault || undefined}>
      <span id={id} className={css.label}>
        {label}
      </span>
      <div className={css.options}>
        {options.map((option) => (
          <label key={option.name} className={css.chip}>
            <input
              type="radio"
              name={id}
              checked={option.name === value}
              onChange={() => onChange(option.name)}
              onClick={() => clearable && option.name === value && onChange('')}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </div>
  )
}
