import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Cell } from '@/fields/cell'
import type { Formats } from '@/fields/formats'
import type { GroupLine, MoreLine } from './lines'
import { lineID } from './record-row'
import css from './record-table.module.css'

interface GroupProps {
  line: GroupLine
  index: number
  active: boolean
  fields: Field[]
  formats: Formats
}

/** The head of a group: its value, how many it has, and what its numbers add up to. */
export const GroupRow = memo(function GroupRow({ line, index, active, fields, formats }: GroupProps) {
  const { i18n } = useTranslation('leads')
  const Arrow = line.open ? ChevronDown : ChevronRight
  return (
    <div id={lineID(line.id)} data-group={line.filter} className={css.group} role="row" aria-rowindex={index + 2} data-active={active || undefined} style={{ paddingInlineStart: 12 + line.depth * 24 }}>
      <span role="gridcell" className={css.groupCell} aria-expanded={line.open}>
        <Arrow size={16} aria-hidden="true" />
        <GroupValue line={line} fields={fields} formats={formats} />
        <span className={css.count}>{new Intl.NumberFormat(i18n.language).format(line.count)}</span>
        <GroupSums line={line} fields={fields} formats={formats} />
      </span>
    </div>
  )
})

/** What the records of a group have in common, in words. */
export function GroupValue({ line: { level, value }, fields, formats }: Pick<GroupProps, 'line' | 'fields' | 'formats'>) {
  const { t, i18n } = useTranslation('leads')
  const field = fields.find(({ name }) => name === level.name)
  if (value === null || value === undefined) return <span className={css.blank}>{t('groupBlank', { field: field?.label ?? '' })}</span>
  if (level.step) return <span>{stepText(String(value), level.step, i18n.language, t)}</span>
  return field ? <Cell field={field} value={value} formats={formats} now={0} /> : <span>{String(value)}</span>
}

export function GroupSums({ line: { sums }, fields, formats }: Pick<GroupProps, 'line' | 'fields' | 'formats'>) {
  return Object.entries(sums).flatMap(([name, amounts]) => {
    const field = fields.find((one) => one.name === name)
    return field && amounts.length > 0
      ? [
          <span key={name} className={css.sum}>
            {field.label}{' '}
            {amounts.map((amount, at) => (
              <Cell key={at} field={field} value={amount} formats={formats} now={0} />
            ))}
          </span>,
        ]
      : []
  })
}

/** A calendar step as people say it. */
function stepText(key: string, step: string, language: string, t: (key: string, values: Record<string, string>) => string): string {
  const first = new Date(`${`${key}-01-01`.slice(0, 10)}T00:00:00Z`)
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options }).format(first)
  if (step === 'year') return format({ year: 'numeric' })
  if (step === 'month') return format({ year: 'numeric', month: 'long' })
  const day = format({ dateStyle: 'medium' })
  return step === 'week' ? t('groupWeek', { day }) : day
}

/** What is not shown yet of an open group. */
export function MoreRow({ line: { id, filter, left, loading }, index, active }: { line: MoreLine; index: number; active: boolean }) {
  const { t, i18n } = useTranslation('leads')
  const number = new Intl.NumberFormat(i18n.language).format(left)
  return (
    <div id={lineID(id)} data-more={filter} className={css.more} role="row" aria-rowindex={index + 2} data-active={active || undefined}>
      <span role="gridcell">{loading ? t('loading') : t('groupMore', { count: left, number })}</span>
    </div>
  )
}
