import { ListFilter, X } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { filterText, readFilter, type Part } from '@/fields/condition'
import { ConditionLabel } from '@/fields/condition-label'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { FilterPanel, type FilterMode } from './filter-panel'
import css from './filter.module.css'

interface Props {
  filter: string
  fields: Field[]
  phone: boolean
  onFilter: (filter: string) => void
  /** What else belongs in the bar. */
  children?: ReactNode
}

/** What narrows the list, one chip for each condition, and the panel that changes it: below the bar, on a phone a sheet. */
export function FilterBar({ filter, fields, phone, onFilter, children }: Props) {
  const { t } = useTranslation('leads')
  const panelID = useId()
  const [open, setOpen] = useState(false)
  const [mode, setMode] = useState<FilterMode>('filterConditions')
  const parts = readFilter(filter, fields)
  const apply = (next: string) => {
    onFilter(next)
    if (phone) setOpen(false)
  }
  const panel = open && <FilterPanel key={filter} filter={filter} mode={mode} onMode={setMode} fields={fields} onApply={apply} />
  return (
    <>
      <div className={css.bar}>
        <Button variant="default" size={phone ? 'md' : 'xs'} leftSection={<ListFilter size={16} aria-hidden="true" />} aria-expanded={open} aria-controls={phone ? undefined : panelID} onClick={() => setOpen(!open)}>
          {t('filter')}
        </Button>
        {children}
        {parts.map((part, index) => (
          // Two chips may say the same; their place tells them apart.
          <Chip key={index} part={part} fields={fields} onOpen={() => setOpen(true)} onRemove={() => onFilter(filterText(parts.toSpliced(index, 1), fields))} />
        ))}
        {parts.length > 1 && (
          <Button variant="subtle" size="xs" onClick={() => onFilter('')}>
            {t('filterClear')}
          </Button>
        )}
      </div>
      {phone ? (
        <Drawer opened={open} onClose={() => setOpen(false)} position="bottom" size="85%" title={t('filter')}>
          {panel}
        </Drawer>
      ) : (
        <div id={panelID}>{panel}</div>
      )}
    </>
  )
}

interface ChipProps {
  part: Part
  fields: Field[]
  onOpen: () => void
  onRemove: () => void
}

function Chip({ part, fields, onOpen, onRemove }: ChipProps) {
  const { t } = useTranslation('leads')
  const id = useId()
  const condition = 'condition' in part ? part.condition : undefined
  const field = condition && fields.find(({ name }) => name === condition.field)
  return (
    <span className={css.chip}>
      <button type="button" id={id} onClick={onOpen}>
        {condition && field ? <ConditionLabel field={field} condition={condition} /> : 'text' in part && <code>{part.text}</code>}
      </button>
      <button type="button" className={css.remove} aria-label={t('filterRemovePlain')} aria-describedby={id} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  )
}
