import { ArrowDownUp, Columns3, Keyboard, ListChecks, ListTree } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject, Field } from '@/api/catalog'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { Popover } from '@/ui/popover'
import { ColumnsPanel } from './columns-panel'
import { GroupPanel } from './group-panel'
import { groupLevels, sortKeys, type Density, type Layout } from './list-plan'
import { SortPanel } from './sort-panel'

interface Props {
  object: CatalogObject
  fields: Field[]
  columns: Field[]
  layout: Layout
  phone: boolean
  onSort: (sort: string) => void
  onGroup: (group: string) => void
  onColumns: (names: string[]) => void
  onDensity: (density: Density) => void
  onShortcuts: () => void
  /** Begins to choose records, where a table's boxes have no room. */
  onPick?: () => void
}

/** Order, grouping and columns of a list; what is chosen takes effect at once. */
export function ListTools({ object, fields, columns, layout, phone, onSort, onGroup, onColumns, onDensity, onShortcuts, onPick }: Props) {
  const { t } = useTranslation('leads')
  const size = phone ? 'md' : 'xs'
  const labels = (names: string[]) => names.map((name) => fields.find((field) => field.name === name)?.label ?? name).join(', ')
  const levels = groupLevels(layout.group).map(({ name }) => name)
  const keys = sortKeys(layout.sort).map(({ name }) => name)
  return (
    <>
      <Popover
        label={t('sort')}
        trigger={(props) => (
          <Button variant="default" size={size} leftSection={<ArrowDownUp size={14} aria-hidden="true" />} {...props}>
            {t('sort')}
            {keys.length > 1 && ` · ${keys.length}`}
          </Button>
        )}
      >
        {() => <SortPanel fields={fields} sort={layout.sort} onSort={onSort} />}
      </Popover>
      <Popover
        label={t('group')}
        trigger={(props) => (
          <Button variant={levels.length > 0 ? 'light' : 'default'} size={size} leftSection={<ListTree size={14} aria-hidden="true" />} {...props}>
            {levels.length > 0 ? t('groupedBy', { fields: labels(levels) }) : t('group')}
          </Button>
        )}
      >
        {() => <GroupPanel fields={fields} group={layout.group} onGroup={onGroup} />}
      </Popover>
      {phone && onPick && (
        <Button variant="default" size={size} leftSection={<ListChecks size={14} aria-hidden="true" />} onClick={onPick}>
          {t('pick')}
        </Button>
      )}
      {!phone && (
        <>
          <Popover
            label={t('columns')}
            trigger={(props) => (
              <Button variant="default" size={size} leftSection={<Columns3 size={14} aria-hidden="true" />} {...props}>
                {t('columns')}
              </Button>
            )}
          >
            {() => <ColumnsPanel fields={fields} titleField={object.title_field} columns={columns} density={layout.density} onColumns={onColumns} onDensity={onDensity} />}
          </Popover>
          <IconButton label={t('keys.title')} size={30} onClick={onShortcuts}>
            <Keyboard size={16} aria-hidden="true" />
          </IconButton>
        </>
      )}
    </>
  )
}
