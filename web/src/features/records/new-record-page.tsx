import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { Button } from '@/ui/button'
import { ChoiceChips, ManyChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { valueOf, type FieldShape } from '@/fields/field-value'
import { OptionSelect } from '@/fields/option-select'
import { usePeople } from '@/fields/people'
import { ReferenceInput } from '@/fields/reference-input'
import { duplicatesOf, useCreateRecord, useDuplicates, type Duplicate } from './queries'
import type { Preset } from './preset'
import type { ObjectShape } from './types'
import css from './new-record.module.css'

/** A new record in the few fields that its short form asks for. */
export function NewRecordPage({ object, onCreated }: { object: string; onCreated: (id: string) => void }) {
  const { t } = useTranslation('records')
  const shape = useObject(object)
  if (!shape) return <output>{t('loading')}</output>
  return <NewRecordForm object={shape} title={t('newTitle', { object: shape.label })} onCreated={onCreated} />
}

interface FormProps {
  object: ObjectShape
  /** Absent where what holds the form has it. */
  title?: string
  /** References that are known beforehand. */
  preset?: Preset
  onCreated: (id: string) => void
}

const nothing: Preset = {}

/** The short form of an object. */
export function NewRecordForm({ object, title, preset = nothing, onCreated }: FormProps) {
  const { t } = useTranslation('records')
  const fields = formFields(object).filter(({ field }) => !(field.name in preset) && (title !== undefined || field.type !== 'reference'))
  const [texts, setTexts] = useState<Record<string, string>>({})
  const [gaps, setGaps] = useState<string[]>([])
  const create = useCreateRecord(object.name)
  const near = useDuplicates(object.name, texts)
  const change = (name: string, text: string) => {
    setTexts({ ...texts, [name]: text })
    setGaps(gaps.filter((gap) => gap !== name))
  }
  const send = async (asTouch: boolean) => {
    const known = Object.entries(preset).map(([name, { id }]): [string, unknown] => [name, id])
    const typed = fields.flatMap(({ field }) => (texts[field.name]?.trim() ? [[field.name, valueOf(field, texts[field.name], null)] as [string, unknown]] : []))
    const values = Object.fromEntries([...known, ...typed])
    const id = await create.run(values, asTouch)
    if (id) onCreated(id)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const missing = fields.filter(({ field, required }) => required && !texts[field.name]?.trim()).map(({ field }) => field.name)
    setGaps(missing)
    if (missing.length === 0) void send(false)
  }
  const refused = duplicatesOf(create.error)
  const faultOf = (name: string) => (gaps.includes(name) ? t('required') : create.faults[name])
  return (
    <form className={css.page} onSubmit={submit} noValidate>
      {title !== undefined && <h1>{title}</h1>}
      {Object.entries(preset).map(([name, { label }]) => (
        <p key={name} className={css.preset}>
          {object.fields.find((field) => field.name === name)?.label} <strong>{label}</strong>
        </p>
      ))}
      <div className={css.fields}>
        {fields.map(({ field, required }) => (
          <FormField key={field.name} field={field} required={required} text={texts[field.name] ?? ''} fault={faultOf(field.name)} onChange={(text) => change(field.name, text)} />
        ))}
      </div>
      {!refused && near.length > 0 && <DuplicateList object={object.name} duplicates={near} title={t('maybeDuplicate')} />}
      {refused && (
        <div className={css.refused} role="alert">
          <DuplicateList object={object.name} duplicates={refused} title={t('isDuplicate')} />
          <Button variant="default" loading={create.pending} onClick={() => void send(true)}>
            {t('asTouch')}
          </Button>
        </div>
      )}
      {create.error && !refused && <p role="alert">{create.error.message}</p>}
      <div className={css.foot}>
        <Button type="submit" size="md" loading={create.pending}>
          {t('saveNew', { object: object.label })}
        </Button>
      </div>
    </form>
  )
}

/** The fields of the object's short form, or else those that must be filled. */
function formFields(object: ObjectShape): { field: FieldShape; required: boolean }[] {
  const byName = new Map(object.fields.map((field) => [field.name, field]))
  const form = object.forms.find(({ name }) => name === 'new' || name === `${object.name}.new`)
  if (!form) return object.fields.filter(({ required, read_only }) => required && !read_only).map((field) => ({ field, required: true }))
  return form.fields.flatMap(({ name, required = false }) => {
    const field = byName.get(name)
    return field ? [{ field, required }] : []
  })
}

interface FieldProps {
  field: FieldShape
  required: boolean
  text: string
  fault?: string
  onChange: (text: string) => void
}

const inputTypes: Record<string, string> = { phone: 'tel', email: 'email', url: 'url' }
const numeric = new Set(['number', 'currency', 'percent'])

function FormField({ field, required, text, fault, onChange }: FieldProps) {
  const { t } = useTranslation('records')
  const label = required ? field.label : t('optional', { label: field.label })
  const faultID = `new-${field.name}-fault`
  const note = fault && (
    <span id={faultID} className={css.fault}>
      {fault}
    </span>
  )
  if (field.type === 'choice' && field.choices && field.choices.length <= 8) {
    return (
      <div>
        <ChoiceChips label={label} options={field.choices} value={text} fault={Boolean(fault)} clearable={!required} onChange={onChange} />
        {note}
      </div>
    )
  }
  if (field.type === 'choices') {
    return (
      <div>
        <ManyChips label={label} aria-describedby={fault ? faultID : undefined} options={field.choices ?? []} values={text.split('\n').filter(Boolean)} fault={Boolean(fault)} onChange={(names) => onChange(names.join('\n'))} />
        {note}
      </div>
    )
  }
  const shared = { value: text, required, 'aria-invalid': Boolean(fault), 'aria-describedby': fault ? faultID : undefined }
  return (
    <label className={css.field}>
      <span>{label}</span>
      <Control {...shared} field={field} label={label} onChange={onChange} />
      {note}
    </label>
  )
}

interface ControlProps extends Pick<FieldProps, 'field' | 'onChange'> {
  label: string
  value: string
  required: boolean
  'aria-invalid': boolean
  'aria-describedby'?: string
}

/** The input of a field that is no choice to tap, by its type. */
function Control({ field, label, onChange, ...shared }: ControlProps) {
  switch (field.type) {
    case 'choice':
      return <OptionSelect {...shared} options={field.choices ?? []} onChange={onChange} />
    case 'person':
      return <PersonSelect {...shared} onChange={onChange} />
    case 'reference':
      return <Reference {...shared} object={field.object ?? ''} label={label} onChange={onChange} />
    case 'date':
      return <DateInput {...shared} label={label} onChange={onChange} />
    case 'long_text':
      return <textarea {...shared} rows={3} onChange={(event) => onChange(event.currentTarget.value)} />
    default:
      return <input {...shared} type={inputTypes[field.type] ?? 'text'} inputMode={numeric.has(field.type) ? 'decimal' : undefined} autoComplete="off" onChange={(event) => onChange(event.currentTarget.value)} />
  }
}

type Plain = Omit<ControlProps, 'field' | 'label'>

function PersonSelect(props: Plain) {
  return <OptionSelect {...props} options={usePeople(true).map(({ id, name }) => ({ name: id, label: name }))} />
}

/** The form keeps the id; what the record is called stays here. */
function Reference({ value, onChange, ...rest }: Plain & { object: string; label: string }) {
  const [label, setLabel] = useState('')
  return (
    <ReferenceInput
      {...rest}
      value={value ? { id: value, label } : null}
      onChange={(chosen) => {
        setLabel(chosen?.label ?? '')
        onChange(chosen?.id ?? '')
      }}
    />
  )
}

/** Who this may be already; a record the reader may not open is named only by its owner. */
function DuplicateList({ object, duplicates, title }: { object: string; duplicates: Duplicate[]; title: string }) {
  const { t } = useTranslation('records')
  return (
    <output className={css.duplicates}>
      <p>{title}</p>
      <ul>
        {duplicates.map((one, n) => (
          <li key={one.id ?? n}>
            {one.id ? (
              <Link to="/o/$object/$id" params={{ object, id: one.id }}>
                {one.label ?? one.id}
              </Link>
            ) : (
              t('duplicateHidden')
            )}
            {one.owner?.label && <span> · {t('ownedBy', { name: one.owner.label })}</span>}
            {one.status && <span> · {one.status}</span>}
          </li>
        ))}
      </ul>
    </output>
  )
}
