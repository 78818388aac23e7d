import { useId, useState, type KeyboardEvent } from 'react'
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

interface ManyProps {
  /** Shown above; without it the group is named from outside. */
  label?: string
  'aria-label'?: string
  'aria-labelledby'?: string
  'aria-describedby'?: string
  options: { name: string; label: string }[]
  values: string[]
  fault?: boolean
  /** Tells what is chosen then, in the order of the options. */
  onChange: (names: string[]) => void
}

/** Several choices, as chips: a tap or the space bar turns one on and off, arrow keys move between them, Tab leaves them. */
export function ManyChips({ label, options, values, fault = false, onChange, ...named }: ManyProps) {
  const id = useId()
  const [at, setAt] = useState(0)
  const chips = withUnknown(options, values)
  const toggle = (name: string) => onChange(chips.filter((chip) => (chip.name === name) !== values.includes(chip.name)).map((chip) => chip.name))
  const move = (event: KeyboardEvent) => {
    const to = placeOf(event.key, Math.min(at, chips.length - 1), chips.length)
    if (to === undefined || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.currentTarget.closest('[role=group]')?.querySelectorAll('input')[to].focus()
  }
  return (
    <div className={css.group} role="group" aria-labelledby={label === undefined ? undefined : id} {...named} data-fault={fault || undefined}>
      {label !== undefined && (
        <span id={id} className={css.label}>
          {label}
        </span>
      )}
      <div className={css.options}>
        {chips.map((chip, index) => (
          <label key={chip.name} className={css.chip}>
            <input
              type="checkbox"
              tabIndex={index === Math.min(at, chips.length - 1) ? 0 : -1}
              aria-invalid={fault || undefined}
              checked={values.includes(chip.name)}
              onFocus={() => setAt(index)}
              onKeyDown={move}
              // Some browsers do not give a tapped box the focus; who listens for its going would think that we are left.
              onMouseDown={(event) => (event.preventDefault(), event.currentTarget.focus())}
              onChange={() => toggle(chip.name)}
            />
            <span>{chip.label}</span>
          </label>
        ))}
      </div>
    </div>
  )
}

/** The options, and what is chosen without being one any more: it can be let go of. */
const withUnknown = (options: ManyProps['options'], values: string[]) => [
  ...options,
  ...values.filter((value) => options.every(({ name }) => name !== value)).map((name) => ({ name, label: name })),
]

/** Where a key leads among so many chips; undefined where it leads nowhere. */
function placeOf(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'ArrowRight' || key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowLeft' || key === 'ArrowUp') return (at + count - 1) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
