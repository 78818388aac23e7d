import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { ChoiceChips } from '@/ui/choice-chips'
import { IconButton } from '@/ui/icon-button'
import { useDragOrder } from '@/ui/use-drag-order'
import type { Density } from './list-plan'
import css from './panels.module.css'

interface Props {
  fields: Field[]
  /** The title's column stays first. */
  titleField: string
  columns: Field[]
  density: Density
  onColumns: (names: string[]) => void
  onDensity: (density: Density) => void
}

const densities: Density[] = ['standard', 'compact']

/** Which columns are shown, in which order, and how high the rows are. Columns move by drag, by buttons, and with Alt and the arrow keys. */
export function ColumnsPanel({ fields, titleField, columns, density, onColumns, onDensity }: Props) {
  const { t } = useTranslation('leads')
  const names = columns.map(({ name }) => name)
  const hidden = fields.filter(({ name }) => !names.includes(name))
  const move = (name: string, to: number) => {
    const rest = names.filter((other) => other !== name)
    rest.splice(Math.max(1, Math.min(rest.length, to)), 0, name)
    onColumns(rest)
  }
  const place = useDragOrder<HTMLUListElement>(move)
  const onKeyDown = (event: KeyboardEvent, name: string, at: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!event.altKey || !by) return
    event.preventDefault()
    move(name, at + by)
  }
  return (
    <div className={css.panel}>
      <ChoiceChips label={t('density.title')} value={density} options={densities.map((name) => ({ name, label: t(`density.${name}`) }))} onChange={(name) => onDensity(name as Density)} />
      <ul ref={place} className={css.list} aria-label={t('columns')}>
        {columns.map(({ name, label }, at) => (
          <li
            key={name}
            draggable={name !== titleField}
            data-drag={name}
          >
            <GripVertical size={14} aria-hidden="true" className={css.grip} />
            <label>
              <input type="checkbox" checked disabled={name === titleField} onKeyDown={(event) => onKeyDown(event, name, at)} onChange={() => onColumns(names.filter((other) => other !== name))} />
              {label}
            </label>
            {name !== titleField && (
              <>
                <IconButton label={t('columnUp', { name: label })} size={28} disabled={at <= 1} onClick={() => move(name, at - 1)}>
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
                <IconButton label={t('columnDown', { name: label })} size={28} disabled={at === columns.length - 1} onClick={() => move(name, at + 1)}>
                  <ArrowDown size={14} aria-hidden="true" />
                </IconButton>
              </>
            )}
          </li>
        ))}
        {hidden.map(({ name, label }) => (
          <li key={name}>
            <label className={css.off}>
              <input type="checkbox" checked={false} onChange={() => onColumns([...names, name])} />
              {label}
            </label>
          </li>
        ))}
      </ul>
    </div>
  )
}
