import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { inputText, instantText } from '@/format/civil-time'
import { Button } from '@/ui/button'
import { conflictsOf, type Conflict } from './conflicts'
import { FieldEditor } from '@/fields/field-editor'
import { valueText, type FieldShape } from '@/fields/field-value'
import { isStale, usePeople, useSaveRecord } from './queries'
import type { StoredRecord } from './types'
import css from './facts.module.css'

interface Props {
  object: string
  fields: FieldShape[]
  stored: StoredRecord
  zone: string
  onDone: () => void
}

/**
 * Edits some fields of a record. Somebody else's change in between is shown field by field;
 * what was typed here stays until it is saved or given up on purpose.
 */
export function FactsForm({ object, fields, stored, zone, onDone }: Props) {
  const { t } = useTranslation('records')
  const [base, setBase] = useState(stored)
  const [edits, setEdits] = useState<Record<string, unknown>>({})
  const [conflicts, setConflicts] = useState<Conflict[]>([])
  /** Why the newer version could not be read. */
  const [unread, setUnread] = useState<string>()
  const people = usePeople(fields.some(({ type }) => type === 'person'))
  const save = useSaveRecord(object, stored.record.id)
  /** How often a field was read anew: its input then begins again with what is stored. */
  const [readings, setReadings] = useState<Record<string, number>>({})
  const readAnew = (names: string[]) => setReadings((before) => ({ ...before, ...Object.fromEntries(names.map((name) => [name, (before[name] ?? 0) + 1])) }))
  const attempt = async (from: StoredRecord): Promise<void> => {
    setUnread(undefined)
    try {
      await save.run(edits, from.etag)
      onDone()
    } catch (error) {
      if (isStale(error)) await meet(from)
    }
  }
  const meet = async (from: StoredRecord): Promise<void> => {
    const current = await save.current().catch((error: Error) => setUnread(error.message))
    if (!current) return
    const met = conflictsOf(edits, from.record, current.record)
    setConflicts(met)
    setBase(current)
    readAnew(fields.map(({ name }) => name).filter((name) => !(name in edits)))
    if (met.length === 0 && current.etag !== from.etag) await attempt(current)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (Object.keys(edits).length === 0) return onDone()
    await attempt(base)
  }
  const settle = (name: string, mine: boolean) => {
    setConflicts(conflicts.filter((conflict) => conflict.name !== name))
    if (mine) return
    setEdits(Object.fromEntries(Object.entries(edits).filter(([other]) => other !== name)))
    readAnew([name])
  }
  const valueOfField = ({ name }: FieldShape) => (name in edits ? edits[name] : base.record[name])
  const input = { inputText: (text: string) => inputText(text, zone), instantText: (text: string) => instantText(text, zone) }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} noValidate>
      {conflicts.length > 0 && <ConflictList conflicts={conflicts} fields={fields} zone={zone} onSettle={settle} />}
      {fields.map((field) => (
        <FieldEditor
          key={`${field.name} ${readings[field.name] ?? 0}`}
          field={field}
          value={valueOfField(field)}
          people={people}
          zone={input}
          fault={save.faults[field.name]}
          onChange={(value) => setEdits({ ...edits, [field.name]: value })}
        />
      ))}
      {(unread ?? save.message) && conflicts.length === 0 && <p role="alert">{unread ?? save.message}</p>}
      <div className={css.buttons}>
        <Button type="submit" size="xs" loading={save.pending} disabled={conflicts.length > 0}>
          {t('save')}
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

interface ConflictProps {
  conflicts: Conflict[]
  fields: FieldShape[]
  zone: string
  onSettle: (name: string, mine: boolean) => void
}

function ConflictList({ conflicts, fields, zone, onSettle }: ConflictProps) {
  const { t, i18n } = useTranslation('records')
  return (
    <div className={css.conflicts} role="alert">
      <p>{t('conflict')}</p>
      {conflicts.map(({ name, mine, theirs }) => {
        const field = fields.find((one) => one.name === name)
        if (!field) return null
        const text = (value: unknown) => valueText(field, value, i18n.language, zone) || t('blank')
        return (
          <fieldset key={name}>
            <legend>{field.label}</legend>
            <button type="button" onClick={() => onSettle(name, true)}>
              {t('keepMine', { value: text(mine) })}
            </button>
            <button type="button" onClick={() => onSettle(name, false)}>
              {t('takeTheirs', { value: text(theirs) })}
            </button>
          </fieldset>
        )
      })}
    </div>
  )
}
