import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Problem } from '@/api/call'
import type { CatalogObject, Field } from '@/api/catalog'
import { keys } from '@/api/keys'
import type { FlatRecord } from '@/fields/field-list'
import { notify, notifyFailure } from '@/ui/notify'
import { patchRecords } from './patch-records'

/** The cell that is edited, with what went wrong. */
export interface Editing {
  id: string
  field: string
  /** What the reader saw before he began. */
  before: unknown
  saving?: boolean
  fault?: string
  /** Somebody else changed it meanwhile. */
  conflict?: { mine: unknown; theirs: unknown }
}

/** A change that can be taken back. */
interface Step {
  id: string
  field: string
  before: unknown
  after: unknown
}

export interface InlineEdit {
  editing?: Editing
  may: (field: Field) => boolean
  start: (record: FlatRecord, field: Field) => boolean
  cancel: () => void
  /** Saves a value; whether it is done. */
  commit: (value: unknown) => Promise<boolean>
  keepMine: () => Promise<boolean>
  takeTheirs: () => void
  undo: () => Promise<void>
}

/** Types whose values need more room than a cell. */
const elsewhere = new Set(['reference', 'auto_number'])

/** Whether a cell of an object can be edited where it stands. */
export const isEditable = ({ can }: Pick<CatalogObject, 'can'>, field: Field): boolean => can.update && !field.read_only && !elsewhere.has(field.type)

const conflictOf = (error: unknown, field: string): unknown => (error instanceof Problem && error.status === 409 ? error.errors.find(({ path }) => path === field)?.current ?? null : undefined)

/** Edits cells of a list, one at a time: saved with what was seen before, so that nobody's change is lost unseen. */
export function useInlineEdit(object: CatalogObject): InlineEdit {
  const { t } = useTranslation('leads')
  const client = useQueryClient()
  const [editing, setEditing] = useState<Editing>()
  const steps = useRef<Step[]>([])
  const save = async (id: string, field: string, value: unknown, before: unknown): Promise<FlatRecord> => {
    const saved = await call<FlatRecord>('PATCH', `/records/${object.name}/${id}`, { body: { [field]: value, base: { [field]: before ?? null } } })
    client.setQueriesData({ queryKey: keys.records(object.name) }, (data: unknown) => patchRecords(data, saved))
    void client.invalidateQueries({ queryKey: keys.record(object.name, id) })
    return saved
  }
  const undo = async () => {
    const step = steps.current.pop()
    if (!step) return
    try {
      await save(step.id, step.field, step.before ?? null, step.after)
      notify(t('cell.undone'))
    } catch (error) {
      notifyFailure(error instanceof Problem && error.status === 409 ? t('cell.undoMet') : error instanceof Error ? error.message : '')
    }
  }
  const attempt = async (at: Editing, value: unknown): Promise<boolean> => {
    setEditing({ ...at, saving: true, fault: undefined, conflict: undefined })
    try {
      const saved = await save(at.id, at.field, value, at.before)
      steps.current.push({ id: at.id, field: at.field, before: at.before, after: saved[at.field] })
      setEditing(undefined)
      notify(t('cell.saved', { field: object.fields.find(({ name }) => name === at.field)?.label ?? '' }), { label: t('undo'), run: () => void undo() })
      return true
    } catch (error) {
      const theirs = conflictOf(error, at.field)
      if (theirs !== undefined) setEditing({ ...at, conflict: { mine: value, theirs } })
      else setEditing({ ...at, fault: error instanceof Problem ? (error.errors[0]?.message ?? error.message) : '' })
      return false
    }
  }
  const may = useCallback((field: Field) => isEditable(object, field), [object])
  return {
    editing,
    may,
    start: (record, field) => {
      if (may(field)) setEditing({ id: record.id, field: field.name, before: record[field.name] ?? null })
      return may(field)
    },
    cancel: () => setEditing(undefined),
    commit: async (value) => {
      if (!editing) return true
      if (sameValue(value, editing.before)) {
        setEditing(undefined)
        return true
      }
      return attempt(editing, value)
    },
    keepMine: async () => (editing?.conflict ? attempt({ ...editing, before: editing.conflict.theirs }, editing.conflict.mine) : true),
    takeTheirs: () => {
      setEditing(undefined)
      void client.invalidateQueries({ queryKey: keys.records(object.name) })
    },
    undo,
  }
}

/** Equal as the API writes them; a person is its id. */
export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b))

function plain(value: unknown): unknown {
  if (value && typeof value === 'object' && 'id' in value) return value.id
  return value === '' || (Array.isArray(value) && value.length === 0) ? null : (value ?? null)
}
