import { ListFilter, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { blankCondition, ConditionBuilder } from '@/fields/condition-builder'
import { readTree, treeText, type Group } from '@/fields/condition-tree'
import { Button } from '@/ui/button'
import { isAllText, rowFields } from './condition-fields'
import type { FieldOption } from './options'
import css from './fields.module.css'

interface Props {
  value: string
  fields: FieldOption[]
  onChange: (text: string) => void
}

/** The rows of a condition, which is chosen rather than typed; opened by a button below its text, before what else helps to write it. */
export function ConditionRows({ children, ...props }: Props & { children?: ReactNode }) {
  const { t } = useTranslation('setup')
  const [open, setOpen] = useState(false)
  const Icon = open ? X : ListFilter
  return (
    <div className={css.rows}>
      <div className={css.tools}>
        <Button size="xs" variant="subtle" aria-expanded={open} leftSection={<Icon size={14} aria-hidden="true" />} onClick={() => setOpen(!open)}>
          {t(open ? 'rowsClose' : 'rowsOpen')}
        </Button>
        {children}
      </div>
      {open && <Rows {...props} />}
    </div>
  )
}

/** A tree, and the text that it was read from or has become. */
interface Read {
  text: string
  tree: Group
}

function Rows({ value, fields: options, onChange }: Props) {
  const { t } = useTranslation(['setup', 'app'])
  const fields = rowFields(options, { created_at: t('rowsCreated'), updated_at: t('rowsUpdated') })
  const [read, setRead] = useState<Read>(() => readAnew(value, fields))
  // What was typed meanwhile stands before the rows.
  const { tree } = read.text === value ? read : readAnew(value, fields)
  const change = (next: Group) => {
    const text = treeText(next, fields)
    setRead({ text, tree: next })
    if (text !== value) onChange(text)
  }
  if (isAllText(tree)) return <p className={css.note}>{t('rowsNone')}</p>
  return <ConditionBuilder group={tree} fields={fields} onChange={change} />
}

/** An expression as rows; a blank one begins with a condition to be filled in. */
function readAnew(text: string, fields: Field[]): Read {
  const tree = readTree(text, fields)
  const first = tree.items.length === 0 ? fields[0] : undefined
  return { text, tree: first ? { ...tree, items: [{ condition: blankCondition(first) }] } : tree }
}
