import { ListFilter, X } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { ItemLabel } from '@/fields/condition-label'
import { itemsText, readTree, topItems, type Item } from '@/fields/condition-tree'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { FilterPanel, type FilterMode } from './filter-panel'
import css from './filter.module.css'

interface Props {
  /** The whole filter that holds: the view's and what was added. */
  filter: string
  fields: Field[]
  phone: boolean
  open: boolean
  onOpen: (open: boolean) => void
  onFilter: (filter: string) => void
  /** What else belongs in the bar. */
  children?: ReactNode
}

/** What narrows the list, one chip for each condition, and the panel that changes it: below the bar, on a phone a sheet. */
export function FilterBar({ filter, fields, phone, open, onOpen, onFilter, children }: Props) {
  const { t } = useTranslation('leads')
  const panelID = useId()
  const [mode, setMode] = useState<FilterMode>('filterConditions')
  const items = topItems(readTree(filter, fields))
  const apply = (next: string) => {
    onFilter(next)
    if (phone) onOpen(false)
  }
  const panel = open && <FilterPanel key={filter} filter={filter} mode={mode} onMode={setMode} fields={fields} onApply={apply} />
  return (
    <>
      <div className={css.bar}>
        <Button
          variant="default"
          size={phone ? 'md' : 'xs'}
          leftSection={<ListFilter size={16} aria-hidden="true" />}
          aria-keyshortcuts="/"
          aria-expanded={open}
          aria-controls={phone ? undefined : panelID}
          onClick={() => onOpen(!open)}
        >
          {t('filter')}
        </Button>
        {children}
        {items.map((item, index) => (
          // Two chips may say the same; their place tells them apart.
          <Chip key={index} item={item} fields={fields} onOpen={() => onOpen(true)} onRemove={() => onFilter(itemsText(items.toSpliced(index, 1), fields))} />
        ))}
        {items.length > 1 && (
          <Button variant="subtle" size="xs" onClick={() => onFilter('')}>
            {t('filterClear')}
          </Button>
        )}
      </div>
      {phone ? (
        <Drawer opened={open} onClose={() => onOpen(false)} position="bottom" size="85%" title={t('filter')}>
          {panel}
        </Drawer>
      ) : (
        <div id={panelID}>{panel}</div>
      )}
    </>
  )
}

interface ChipProps {
  item: Item
  fields: Field[]
  onOpen: () => void
  onRemove: () => void
}

function Chip({ item, fields, onOpen, onRemove }: ChipProps) {
  const { t } = useTranslation('leads')
  const id = useId()
  return (
    <span className={css.chip}>
      <button type="button" id={id} onClick={onOpen}>
        <ItemLabel item={item} fields={fields} />
      </button>
      <button type="button" className={css.remove} aria-label={t('filterRemovePlain')} aria-describedby={id} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  )
}
