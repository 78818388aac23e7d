import { useId, useState } from 'react'
import { ManyChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { DateTimeInput } from '@/ui/date-time-input'
import { chosenOf, inputOf, valueOf, valueText, type FieldShape } from './field-value'
import { OptionSelect } from './option-select'
import { ReferenceInput, type Chosen } from './reference-input'
import css from './field-editor.module.css'

interface Props {
  field: FieldShape
  value: unknown
  people: { id: string; name: string }[]
  zone: { inputText: (instant: string) => string; instantText: (text: string) => string }
  fault?: string
  /** Wrong, where something else says how. */
  invalid?: boolean
  onChange: (value: unknown) => void
}

/** The input of one field, chosen by its type; a type not known here is edited as text. */
export function FieldEditor({ field, value, people, zone, fault, invalid, onChange }: Props) {
  const id = useId()
  const text = inputOf(field, value)
  const change = (said: string) => onChange(valueOf(field, said, value))
  const named = () => ({ value: text, named: valueText(field, value, 'zh-CN', 'UTC') }) // neither language nor zone is in a name
  const shared = { id, 'aria-invalid': invalid || fault !== undefined, 'aria-describedby': fault ? `${id}-fault` : undefined }
  return (
    <div className={css.editor}>
      {field.type === 'choices' ? (
        <>
          <span id={`${id}-label`} className={css.name}>
            {field.label}
          </span>
          <ManyChips aria-labelledby={`${id}-label`} aria-describedby={shared['aria-describedby']} options={field.choices ?? []} values={chosenOf(value)} fault={shared['aria-invalid']} onChange={(names) => onChange(names.length > 0 ? names : null)} />
        </>
      ) : (
        <>
          <label htmlFor={id}>{field.label}</label>
          {control()}
        </>
      )}
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
        return <OptionSelect {...shared} {...named()} options={field.choices ?? []} onChange={change} />
      case 'person':
        return <OptionSelect {...shared} {...named()} options={people.map((one) => ({ name: one.id, label: one.name }))} onChange={change} />
      case 'boolean':
        return <input {...shared} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      case 'long_text':
        return <textarea {...shared} rows={3} defaultValue={text} onChange={(event) => change(event.currentTarget.value)} />
      case 'date':
        return <DateInput {...shared} label={field.label} value={text} onChange={(day) => onChange(day || null)} />
      case 'datetime':
        return <DateTimeInput {...shared} label={field.label} value={zone.inputText(text)} onChange={(civil) => onChange(zone.instantText(civil) || null)} />
      case 'reference':
        return <Reference {...shared} label={field.label} object={field.object ?? ''} value={value} onChange={onChange} />
      default:
        return <input {...shared} type={inputTypes[field.type] ?? 'text'} inputMode={numeric.has(field.type) ? 'decimal' : undefined} defaultValue={text} onChange={(event) => change(event.currentTarget.value)} />
    }
  }
}

const inputTypes: Record<string, string> = { email: 'email', phone: 'tel', url: 'url' }
const numeric = new Set(['number', 'currency', 'percent'])

interface ReferenceProps {
  id: string
  label: string
  object: string
  value: unknown
  onChange: (value: unknown) => void
}

/** The record keeps the id of another; what that is called stays here. */
function Reference({ value, onChange, ...rest }: ReferenceProps) {
  const named = typeof value === 'object' ? (value as Partial<Chosen> | null) : null
  const [chosen, setChosen] = useState<Chosen | null>(named?.id ? { id: named.id, label: named.label ?? '' } : null)
  const choose = (next: Chosen | null) => {
    setChosen(next)
    onChange(next?.id ?? null)
  }
  return <ReferenceInput {...rest} value={chosen} onChange={choose} />
}
