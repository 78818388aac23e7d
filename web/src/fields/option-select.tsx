import type { ComponentProps } from 'react'

interface Props extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: string
  options: { name: string; label: string }[]
  /** What the present value is called where it is none of the options: a retired choice, somebody who left. */
  named?: string
  onChange: (name: string) => void
}

/** One of several, or none: the value of a field that is a choice, a person, or yes or no. */
export function OptionSelect({ value, options, named, onChange, ...rest }: Props) {
  const gone = value !== '' && !options.some(({ name }) => name === value)
  return (
    <select {...rest} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">–</option>
      {gone && <option value={value}>{named || value}</option>}
      {options.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  )
}
