import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { blankCondition, ConditionBuilder } from '@/fields/condition-builder'
import { readTree, treeText, type Group } from '@/fields/condition-tree'
import { Button } from '@/ui/button'
import css from './filter.module.css'

/** Whether a filter is built of conditions or written. */
export type FilterMode = 'filterConditions' | 'filterText'
const modes: FilterMode[] = ['filterConditions', 'filterText']

/** What waits until it is applied: a tree, or the expression as text. */
type Draft = { mode: 'filterConditions'; tree: Group } | { mode: 'filterText'; text: string }

interface Props {
  filter: string
  fields: Field[]
  /** How it was done last, so that a filter that fails is seen as it was written. */
  mode: FilterMode
  onMode: (mode: FilterMode) => void
  onApply: (filter: string) => void
}

/** Builds a filter out of conditions, or takes the expression itself: two views of the same tree. */
export function FilterPanel({ filter, fields, mode: first, onMode, onApply }: Props) {
  const { t } = useTranslation('leads')
  const [draft, setDraft] = useState<Draft>(() => draftOf(first, filter, fields))
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('select, textarea')?.focus()
  }, [])
  const text = draft.mode === 'filterText' ? draft.text : treeText(draft.tree, fields)
  const change = (mode: FilterMode) => {
    onMode(mode)
    setDraft(draftOf(mode, text, fields))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onApply(text.trim())
  }
  return (
    <form ref={form} className={css.panel} onSubmit={submit}>
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
        <ConditionBuilder group={draft.tree} fields={fields} onChange={(tree) => setDraft({ mode: 'filterConditions', tree })} />
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
  const tree = readTree(filter, fields)
  return { mode, tree: tree.items.length > 0 || !fields[0] ? tree : { ...tree, items: [{ condition: blankCondition(fields[0]) }] } }
}
