import { useId } from 'react'
import { inputOf, valueOf, type FieldShape } from '@/fields/field-value'
import css from './facts.module.css'

interface Props {
  field: FieldShape
  value: unknown
  people: { id: string; name: string }[]
  zone: { inputText: (instant: string) => string; instantText: (text: string) => string }
  fault?: string
  onChange: (value: unknown) => void
}

/** The input of one field, chosen by its type; a type not known here is edited as text. */
export function FieldEditor({ field, value, people, zone, fault, onChange }: Props) {
  const id = useId()
  const text = inputOf(field, value)
  const change = (said: string) => onChange(valueOf(field, said, value))
  const shared = { id, 'aria-invalid': fault !== undefined, 'aria-describedby': fault ? `${id}-fault` : undefined }
  return (
    <div className={css.editor}>
      <label htmlFor={id}>{field.label}</label>
      {control()}
      {fault && (
        <span id={`${id}-fault`} className={css.fault}>
          {fault}
        </span>
      )}
    </div>
  )

  function control() {
    switch (field.type) {
      case 'choice':
        return <Options {...shared} value={text} options={field.choices ?? []} onChange={change} />
      case 'person':
        return <Options {...shared} value={text} options={people.map((one) => ({ name: one.id, label: one.name }))} onChange={change} />
      case 'boolean':
        return <input {...shared} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      case 'long_text':
        return <textarea {...shared} rows={3} defaultValue={text} onChange={(event) => change(event.currentTarget.value)} />
      case 'datetime':
        return <input {...shared} type="datetime-local" defaultValue={zone.inputText(text)} onChange={(event) => onChange(zone.instantText(event.currentTarget.value) || null)} />
      default:
        return <input {...shared} type={inputTypes[field.type] ?? 'text'} inputMode={numeric.has(field.type) ? 'decimal' : undefined} defaultValue={text} onChange={(event) => change(event.currentTarget.value)} />
    }
  }
}

const inputTypes: Record<string, string> = { date: 'date', email: 'email', phone: 'tel', url: 'url' }
const numeric = new Set(['number', 'currency', 'percent'])

interface OptionsProps {
  id: string
  value: string
  options: { name: string; label: string }[]
  onChange: (name: string) => void
}

function Options({ options, onChange, ...rest }: OptionsProps) {
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
