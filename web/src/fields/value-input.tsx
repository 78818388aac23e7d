import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { ManyChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { IconButton } from '@/ui/icon-button'
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
  if (field.choices) return <ManyChips aria-label={t('value')} options={field.choices} values={values} onChange={onChange} />
  const numeric = field.type === 'number' || field.type === 'currency' || field.type === 'percent'
  const dated = field.type === 'date' || field.type === 'datetime'
  if (dated) return <DateInput label={t('value')} value={values[0] ?? ''} onChange={(day) => onChange(day ? [day] : [])} />
  return <PlainInput type="text" numeric={numeric} label={t('value')} value={values[0]} onChange={onChange} />
}

interface PlainProps {
  type: 'text' | 'number'
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

function PersonChoice({ values, onChange }: { values: string[]; onChange: (values: string[]) => void }) {
  const { t } = useTranslation('fields')
  const people = usePeople(true)
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? id
  return (
    <span className={css.people}>
      {values.map((id) => (
        <span key={id} className={css.person}>
          {nameOf(id)}
          <IconButton label={t('removePerson', { name: nameOf(id) })} size={28} onClick={() => onChange(values.filter((value) => value !== id))}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </span>
      ))}
      <select className={css.input} aria-label={t('addPerson')} value="" onChange={(event) => onChange([...values, event.currentTarget.value])}>
        <option value="">{t('addPerson')}</option>
        {people
          .filter(({ id }) => !values.includes(id))
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </select>
    </span>
  )
}
