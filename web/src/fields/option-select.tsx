import type { ComponentProps } from 'react'

interface Props extends Omit<ComponentProps<'select'>, 'onChange'> {
  value: string
  options: { name: string; label: string }[]
  onChange: (name: string) => void
}

/** One out of a list, or none. */
export function OptionSelect({ options, onChange, ...rest }: Props) {
  return (
    <select {...rest} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">–</option>
      {options.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  )
}
