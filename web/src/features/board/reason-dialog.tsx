import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { useSession } from '@/api/session'
import { inputText, instantText } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { ChoiceChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { DateTimeInput } from '@/ui/date-time-input'
import { Modal } from '@/ui/modal'
import css from './board.module.css'

interface Props {
  fields: Field[]
  onClose: () => void
  onDone: (values: Record<string, string>) => void
}

/** Asks why, where the choice wants to know. */
export function ReasonDialog({ fields, onClose, onDone }: Props) {
  const { t } = useTranslation('board')
  const [values, setValues] = useState<Record<string, string>>({})
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fields.every(({ name }) => values[name])) onDone(values)
  }
  return (
    <Modal opened onClose={onClose} title={t('why')}>
      <form className={css.reasons} onSubmit={submit} noValidate>
        {fields.map((field) => (
          <Asked key={field.name} field={field} value={values[field.name] ?? ''} fault={tried && !values[field.name]} onChange={(value) => setValues({ ...values, [field.name]: value })} />
        ))}
        {tried && fields.some(({ name }) => !values[name]) && <p role="alert">{t('whyMissing')}</p>}
        <Button type="submit">{t('save')}</Button>
      </form>
    </Modal>
  )
}

interface AskedProps {
  field: Field
  value: string
  fault: boolean
  onChange: (value: string) => void
}

/** What a choice asks for, as its type is best given: choices to tap, a day, else a line. */
function Asked({ field: { label, type, choices }, value, fault, onChange }: AskedProps) {
  const zone = useSession()?.company.zone ?? 'UTC'
  if (choices) return <ChoiceChips label={label} options={choices} value={value} fault={fault} onChange={onChange} />
  return (
    <div className={css.asked}>
      <span aria-hidden="true">{label}</span>
      {type === 'date' ? (
        <DateInput label={label} value={value} aria-invalid={fault} onChange={onChange} />
      ) : type === 'datetime' ? (
        <DateTimeInput label={label} value={inputText(value, zone)} aria-invalid={fault} onChange={(civil) => onChange(instantText(civil, zone) ?? '')} />
      ) : (
        <input aria-label={label} aria-invalid={fault} inputMode={type === 'number' || type === 'percent' ? 'decimal' : undefined} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </div>
  )
}
