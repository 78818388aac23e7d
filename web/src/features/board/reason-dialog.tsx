import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { useSession } from '@/api/session'
import { FieldEditor } from '@/fields/field-editor'
import { isBlank } from '@/fields/field-list'
import { usePeople, type Person } from '@/fields/people'
import { inputText, instantText } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { ChoiceChips } from '@/ui/choice-chips'
import { Modal } from '@/ui/modal'
import css from './board.module.css'

type Values = Record<string, unknown>

interface Props {
  fields: Field[]
  onClose: () => void
  onDone: (values: Values) => void
}

/** Asks for what the choice wants to know: why, how much, by whom. */
export function ReasonDialog({ fields, onClose, onDone }: Props) {
  const { t } = useTranslation('board')
  const [values, setValues] = useState<Values>({})
  const [tried, setTried] = useState(false)
  const people = usePeople(fields.some(({ type }) => type === 'person'))
  const missing = (name: string) => isBlank(values[name])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!fields.some(({ name }) => missing(name))) onDone(values)
  }
  return (
    <Modal opened onClose={onClose} title={t('why')}>
      <form className={css.reasons} onSubmit={submit} noValidate>
        {fields.map((field) => (
          <Asked key={field.name} field={field} value={values[field.name]} fault={tried && missing(field.name)} people={people} onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))} />
        ))}
        {tried && fields.some(({ name }) => missing(name)) && <p role="alert">{t('whyMissing')}</p>}
        <Button type="submit">{t('save')}</Button>
      </form>
    </Modal>
  )
}

interface AskedProps {
  field: Field
  value: unknown
  fault: boolean
  people: Person[]
  onChange: (value: unknown) => void
}

/** What a choice asks for: choices to tap, everything else as it is edited on a record's page. */
function Asked({ field, value, fault, people, onChange }: AskedProps) {
  const { t } = useTranslation('fields')
  const zone = useSession()?.company.zone ?? 'UTC'
  const { label, type, choices } = field
  if (type === 'choice' && choices) return <ChoiceChips label={label} options={choices} value={String(value ?? '')} fault={fault} onChange={onChange} />
  if (type === 'boolean') {
    const answers = [{ name: 'true', label: t('yes') }, { name: 'false', label: t('no') }]
    return <ChoiceChips label={label} options={answers} value={String(value ?? '')} fault={fault} onChange={(said) => onChange(said === '' ? null : said === 'true')} />
  }
  const input = { inputText: (text: string) => inputText(text, zone), instantText: (text: string) => instantText(text, zone) }
  return <FieldEditor field={field} value={value} people={people} zone={input} invalid={fault} onChange={onChange} />
}
