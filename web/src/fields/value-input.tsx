import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { takesValue, type Condition } from './condition'
import { usePeople } from './people'
import css from './value-input.module.css'

interface Props {
  field: Field
  condition: Condition
  onChange: (values: string[]) => void
}

/** What a condition's field is compared with, as its type is best given. */
export function ValueInput({ field, condition, onChange }: Props) {
  const { t } = useTranslation('fields')
  const { operator, values } = condition
  if (!takesValue(operator)) return null
  if (operator === 'last_days' || operator === 'next_days') return <PlainInput type="number" label={t('days')} value={values[0]} onChange={onChange} />
  if (field.type === 'person') return <PersonChoice values={values} onChange={onChange} />
  if (field.choices) return <ManyChoice options={field.choices} values={values} single={field.type === 'choices'} onChange={onChange} />
  const numeric = field.type === 'number' || field.type === 'currency' || field.type === 'percent'
  const dated = field.type === 'date' || field.type === 'datetime'
  return <PlainInput type={dated ? 'date' : 'text'} numeric={numeric} label={t('value')} value={values[0]} onChange={onChange} />
}

interface PlainProps {
  type: 'text' | 'date' | 'number'
  numeric?: boolean
  label: string
  value: string | undefined
  onChange: (values: string[]) => void
}

function PlainInput({ type, numeric = false, label, value, onChange }: PlainProps) {
  return (
    <input
      className={css.input}
      type={type}
      inputMode={numeric ? 'decimal' : undefined}
      min={type === 'number' ? 0 : undefined}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange([event.currentTarget.value])}
    />
  )
}

interface ManyProps {
  options: { name: string; label: string }[]
  values: string[]
  /** Whether only one can be asked for. */
  single?: boolean
  onChange: (values: string[]) => void
}

function ManyChoice({ options, values, single = false, onChange }: ManyProps) {
  const { t } = useTranslation('fields')
  const toggle = (name: string) => {
    if (single) return onChange([name])
    onChange(values.includes(name) ? values.filter((value) => value !== name) : [...values, name])
  }
  return (
    <fieldset className={css.choices}>
      <legend className="visually-hidden">{t('value')}</legend>
      {options.map(({ name, label }) => (
        <label key={name}>
          <input type="checkbox" checked={values.includes(name)} onChange={() => toggle(name)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

function PersonChoice({ values, onChange }: Omit<ManyProps, 'options'>) {
  const { t } = useTranslation('fields')
  const people = usePeople(true)
  return (
    <select className={css.input} aria-label={t('value')} value={values[0] ?? ''} onChange={(event) => onChange([event.currentTarget.value])}>
      <option value="">–</option>
      {people.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
