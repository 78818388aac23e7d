import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import type { Field } from '@/api/catalog'
import { chosenOf, inputOf, valueOf, valueText } from '@/fields/field-value'
import { OptionSelect } from '@/fields/option-select'
import { usePeople } from '@/fields/people'
import { inputText, instantText } from '@/format/civil-time'
import { ManyChips } from '@/ui/choice-chips'
import { DateInput } from '@/ui/date-input'
import { DateTimeInput } from '@/ui/date-time-input'
import type { Editing, InlineEdit } from './inline-edit'
import css from './cell-editor.module.css'

interface Props {
  field: Field
  editing: Editing
  edit: InlineEdit
  /** What comes after the cell is done: another cell, or the grid again. */
  onDone: (to: 'next' | 'previous' | 'stay') => void
}

/** The editor of one cell. Enter and Tab save, Escape gives up, leaving it saves. */
export function CellEditor({ field, editing, edit, onDone }: Props) {
  const { t } = useTranslation('leads')
  const box = useRef<HTMLSpanElement>(null)
  const [value, setValue] = useState<unknown>(editing.before)
  const left = useRef(false)
  useEffect(() => {
    const input = box.current?.querySelector<HTMLInputElement>('input, select, textarea')
    box.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    input?.focus()
    if (input instanceof HTMLInputElement && input.type === 'text') input.select()
  }, [])
  const commit = async (to: 'next' | 'previous' | 'stay') => {
    left.current = true
    const done = await edit.commit(value)
    left.current = false
    if (done) onDone(to)
  }
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'Escape') {
      left.current = true
      edit.cancel()
      onDone('stay')
    } else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && (event.target as HTMLElement).tagName !== 'BUTTON')) {
      event.preventDefault()
      void commit(event.key === 'Enter' ? 'stay' : event.shiftKey ? 'previous' : 'next')
    }
  })
  const onLeave = useEffectEvent(({ relatedTarget }: FocusEvent) => {
    if (left.current || editing.conflict || box.current?.contains(relatedTarget as Node)) return
    void edit.commit(value)
  })
  useEffect(() => {
    const element = box.current
    const keys = (event: KeyboardEvent) => onKeyDown(event)
    const leave = (event: FocusEvent) => onLeave(event)
    element?.addEventListener('keydown', keys)
    element?.addEventListener('focusout', leave)
    return () => {
      element?.removeEventListener('keydown', keys)
      element?.removeEventListener('focusout', leave)
    }
  }, [])
  return (
    <span ref={box} className={css.editor} data-editor aria-busy={editing.saving}>
      <ValueEditor field={field} value={value} fault={editing.fault !== undefined} onChange={setValue} />
      {editing.fault && (
        <span role="alert" className={css.note}>
          {editing.fault}
        </span>
      )}
      {editing.conflict && <ConflictNote field={field} conflict={editing.conflict} onMine={() => void edit.keepMine().then((done) => done && onDone('stay'))} onTheirs={() => (edit.takeTheirs(), onDone('stay'))} />}
      {editing.saving && <span className="visually-hidden">{t('cell.saving')}</span>}
    </span>
  )
}

interface ConflictProps {
  field: Field
  conflict: { mine: unknown; theirs: unknown }
  onMine: () => void
  onTheirs: () => void
}

/** Somebody else was quicker: both values, and the choice. */
function ConflictNote({ field, conflict, onMine, onTheirs }: ConflictProps) {
  const { t, i18n } = useTranslation('leads')
  const zone = useSession()?.company.zone ?? 'UTC'
  const people = usePeople(field.type === 'person')
  const text = (value: unknown) => people.find(({ id }) => id === value)?.name ?? (valueText(field, value, i18n.language, zone) || t('cell.blank'))
  return (
    <span role="alert" className={css.note}>
      {t('cell.conflict')}
      <button type="button" onClick={onMine}>
        {t('cell.mine', { value: text(conflict.mine) })}
      </button>
      <button type="button" onClick={onTheirs}>
        {t('cell.theirs', { value: text(conflict.theirs) })}
      </button>
    </span>
  )
}

interface ValueProps {
  field: Field
  value: unknown
  fault: boolean
  onChange: (value: unknown) => void
}

function ValueEditor({ field, value, fault, onChange }: ValueProps) {
  const { t, i18n } = useTranslation('fields')
  const zone = useSession()?.company.zone ?? 'UTC'
  const people = usePeople(field.type === 'person')
  const text = inputOf(field, value)
  const shared = { 'aria-label': field.label, 'aria-invalid': fault }
  const named = () => ({ value: text, named: valueText(field, value, i18n.language, zone) })
  const change = (said: string) => onChange(valueOf(field, said, value))
  switch (field.type) {
    case 'choice':
      return <OptionSelect {...shared} {...named()} options={field.choices ?? []} onChange={change} />
    case 'choices':
      return <ManyChips aria-label={field.label} fault={fault} options={field.choices ?? []} values={chosenOf(value)} onChange={(names) => onChange(names.length > 0 ? names : null)} />
    case 'person':
      return <OptionSelect {...shared} {...named()} options={people.map(({ id, name }) => ({ name: id, label: name }))} onChange={change} />
    case 'boolean':
      return <OptionSelect {...shared} value={value === null || value === undefined ? '' : String(value)} options={[{ name: 'true', label: t('yes') }, { name: 'false', label: t('no') }]} onChange={(said) => onChange(said === '' ? null : said === 'true')} />
    case 'date':
      return <DateInput label={field.label} aria-invalid={fault} value={text} onChange={(day) => onChange(day || null)} />
    case 'datetime':
      return <DateTimeInput label={field.label} aria-invalid={fault} value={inputText(text, zone)} onChange={(civil) => onChange(instantText(civil, zone) || null)} />
    case 'long_text':
      return <textarea {...shared} rows={4} defaultValue={text} onChange={(event) => change(event.currentTarget.value)} />
    default:
      return <input {...shared} type="text" defaultValue={text} inputMode={numeric.has(field.type) ? 'decimal' : undefined} onChange={(event) => change(event.currentTarget.value)} />
  }
}

const numeric = new Set(['number', 'currency', 'percent'])
