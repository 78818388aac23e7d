import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject, Field } from '@/api/catalog'
import { useSession } from '@/api/session'
import { usePeople } from '@/fields/people'
import { ManyChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { DateTimeInput } from '@/ui/date-time-input'
import { BulkDialog } from './bulk-dialog'
import { editable, wishedValue, type BulkScope } from './bulk-scope'
import css from './bulk.module.css'

interface Props {
  object: CatalogObject
  scope: BulkScope
  onClose: () => void
  onAsked: () => void
}

/** Gives one field of many records the same value, or blanks it. */
export function BulkEdit({ object, scope, onClose, onAsked }: Props) {
  const { t } = useTranslation('leads')
  const fields = editable(object)
  const zone = useSession()?.company.zone ?? 'UTC'
  const [name, setName] = useState('')
  const [text, setText] = useState('')
  const [blank, setBlank] = useState(false)
  const field = fields.find((one) => one.name === name)
  const value = field && (blank ? null : wishedValue(field, text, zone))
  const wish = field && value !== undefined ? { object: object.name, ...scope, action: 'edit' as const, fields: { [field.name]: value } } : undefined
  const probe = { object: object.name, ...scope, action: 'edit' as const, fields: {} }
  const choose = (next: string) => {
    setName(next)
    setText('')
    setBlank(false)
  }
  return (
    <BulkDialog title={t('edit')} verb="edit" wish={wish} probe={probe} onClose={onClose} onAsked={onAsked}>
      <label className={css.field}>
        {t('editField')}
        <select data-autofocus value={name} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">–</option>
          {fields.map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      {field && !blank && <BulkValue field={field} text={text} onText={setText} />}
      {field && !field.required && (
        <label className={css.check}>
          <input type="checkbox" checked={blank} onChange={(event) => setBlank(event.currentTarget.checked)} />
          {t('editBlank', { field: field.label })}
        </label>
      )}
    </BulkDialog>
  )
}

const inputTypes: Record<string, string> = { email: 'email', phone: 'tel', url: 'url' }
const numeric = new Set(['number', 'currency', 'percent'])

interface ValueProps {
  field: Field
  text: string
  onText: (text: string) => void
}

function BulkValue({ field, text, onText }: ValueProps) {
  const { t } = useTranslation('leads')
  const people = usePeople(field.type === 'person')
  const options = optionsOf(field, people, { yes: t('yes'), no: t('no') })
  if (field.type === 'date' || field.type === 'datetime') {
    const Input = field.type === 'date' ? DateInput : DateTimeInput
    return (
      <div className={css.field}>
        <span aria-hidden="true">{t('editTo')}</span>
        <Input label={t('editTo')} value={text} onChange={onText} />
      </div>
    )
  }
  if (field.type === 'choices') return <ManyChips label={t('editTo')} options={field.choices ?? []} values={text.split('\n').filter(Boolean)} onChange={(names) => onText(names.join('\n'))} />
  return (
    <label className={css.field}>
      {t('editTo')}
      {options ? (
        <select value={text} onChange={(event) => onText(event.currentTarget.value)}>
          <option value="">–</option>
          {options.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <input type={inputTypes[field.type] ?? 'text'} inputMode={numeric.has(field.type) ? 'decimal' : undefined} value={text} onChange={(event) => onText(event.currentTarget.value)} />
      )}
      {field.type === 'tags' && <span className={css.note}>{t('editTags')}</span>}
    </label>
  )
}

function optionsOf(field: Field, people: { id: string; name: string }[], words: { yes: string; no: string }): { name: string; label: string }[] | undefined {
  if (field.type === 'person') return people.map(({ id, name }) => ({ name: id, label: name }))
  if (field.type === 'boolean') return [{ name: 'true', label: words.yes }, { name: 'false', label: words.no }]
  return field.choices
}
