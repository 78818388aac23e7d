import { Plus, X } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { filterText, operatorsOf, readFilter, type Condition, type Operator, type Part } from '@/fields/condition'
import { ValueInput } from '@/fields/value-input'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import css from './filter.module.css'

/** Whether a filter is built of conditions or written. */
export type FilterMode = 'filterConditions' | 'filterText'
const modes: FilterMode[] = ['filterConditions', 'filterText']

/** What waits until it is applied: pieces, or the expression as text. */
type Draft = { mode: 'filterConditions'; parts: Part[] } | { mode: 'filterText'; text: string }

interface Props {
  filter: string
  fields: Field[]
  /** How it was done last, so that a filter that fails is seen as it was written. */
  mode: FilterMode
  onMode: (mode: FilterMode) => void
  onApply: (filter: string) => void
}

/** Builds a filter out of conditions, or takes the expression itself. */
export function FilterPanel({ filter, fields, mode: first, onMode, onApply }: Props) {
  const { t } = useTranslation('leads')
  const [draft, setDraft] = useState<Draft>(() => draftOf(first, filter, fields))
  const text = draft.mode === 'filterText' ? draft.text : filterText(draft.parts, fields)
  const change = (mode: FilterMode) => {
    onMode(mode)
    setDraft(draftOf(mode, text, fields))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onApply(text.trim())
  }
  return (
    <form className={css.panel} onSubmit={submit}>
      <div role="radiogroup" aria-label={t('filterMode')} className={css.modes}>
        {modes.map((mode) => (
          <label key={mode}>
            <input type="radio" name="filter-mode" checked={mode === draft.mode} onChange={() => change(mode)} />
            <span>{t(mode)}</span>
          </label>
        ))}
      </div>
      {draft.mode === 'filterText' ? (
        <label className={css.expression}>
          <span className="visually-hidden">{t('filterText')}</span>
          <textarea rows={3} spellCheck={false} autoCapitalize="off" placeholder={t('filterTextHint')} value={draft.text} onChange={(event) => setDraft({ mode: 'filterText', text: event.currentTarget.value })} />
        </label>
      ) : (
        <Pieces parts={draft.parts} fields={fields} onChange={(parts) => setDraft({ mode: 'filterConditions', parts })} />
      )}
      <div className={css.actions}>
        <Button type="submit" size="xs">
          {t('filterApply')}
        </Button>
        <Button variant="subtle" size="xs" onClick={() => onApply('')}>
          {t('filterClear')}
        </Button>
      </div>
    </form>
  )
}

/** A filter as it is worked on; a blank one begins with a condition to be filled in. */
function draftOf(mode: FilterMode, filter: string, fields: Field[]): Draft {
  if (mode === 'filterText') return { mode, text: filter }
  const parts = readFilter(filter, fields)
  return { mode, parts: parts.length > 0 || !fields[0] ? parts : [{ condition: blankCondition(fields[0]) }] }
}

const blankCondition = (field: Field): Condition => ({ field: field.name, operator: operatorsOf(field)[0], values: [] })

interface PiecesProps {
  parts: Part[]
  fields: Field[]
  onChange: (parts: Part[]) => void
}

function Pieces({ parts, fields, onChange }: PiecesProps) {
  const { t } = useTranslation('leads')
  const remove = (index: number) => onChange(parts.toSpliced(index, 1))
  return (
    <>
      <ul className={css.pieces}>
        {parts.map((part, index) => (
          // Two pieces may say the same; their place tells them apart.
          <li key={index}>
            {'text' in part ? (
              <code className={css.raw}>{part.text}</code>
            ) : (
              <ConditionInputs condition={part.condition} fields={fields} onChange={(condition) => onChange(parts.with(index, { condition }))} />
            )}
            <IconButton label={t('filterRemovePlain')} onClick={() => remove(index)}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      {fields[0] && (
        <Button variant="subtle" size="xs" className={css.add} leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => onChange([...parts, { condition: blankCondition(fields[0]) }])}>
          {t('filterAdd')}
        </Button>
      )}
    </>
  )
}

interface ConditionProps {
  condition: Condition
  fields: Field[]
  onChange: (condition: Condition) => void
}

function ConditionInputs({ condition, fields, onChange }: ConditionProps) {
  const { t } = useTranslation(['leads', 'fields'])
  const field = fields.find(({ name }) => name === condition.field)
  if (!field) return null
  const chooseField = (name: string) => {
    const chosen = fields.find((one) => one.name === name)
    if (chosen) onChange(blankCondition(chosen))
  }
  return (
    <div className={css.condition}>
      <select aria-label={t('field')} value={field.name} onChange={(event) => chooseField(event.currentTarget.value)}>
        {fields.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <select aria-label={t('operator')} value={condition.operator} onChange={(event) => onChange({ ...condition, operator: event.currentTarget.value as Operator })}>
        {operatorsOf(field).map((operator) => (
          <option key={operator} value={operator}>
            {t(`fields:operator.${operator}`)}
          </option>
        ))}
      </select>
      <ValueInput field={field} condition={condition} onChange={(values) => onChange({ ...condition, values })} />
    </div>
  )
}
