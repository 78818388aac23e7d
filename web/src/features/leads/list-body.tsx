import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject, Field } from '@/api/catalog'
import { useBusinessNow, useMay, useSession } from '@/api/session'
import { bothHold } from '@/fields/condition'
import { isStars } from '@/fields/field-list'
import { createFormats } from '@/fields/formats'
import { EmptyState } from '@/ui/empty-state'
import { BulkBar } from './bulk-bar'
import { BulkExport } from './bulk-export'
import { mayChangeMany } from './bulk-scope'
import { FilterBar } from './filter-bar'
import { isEditable, useInlineEdit } from './inline-edit'
import { rowLines, type Line } from './lines'
import { ListHeading } from './list-heading'
import { cardOf, columnsOf, namesFor, widthsText, withFilter, type Layout, type ListSearch, type ListView, type Question } from './list-plan'
import { EmptyList, ListFailure } from './list-state'
import { ListTools } from './list-tools'
import { useRecordList } from './queries'
import { RecordCards } from './record-cards'
import type { RowPlan } from './record-row'
import { RecordTable } from './record-table'
import { useSelection } from './selection'
import { Shortcuts, useListKeys } from './shortcuts'
import { useGroups } from './use-groups'
import { usePhone } from './use-phone'
import css from './list-page.module.css'

interface Props {
  object: CatalogObject
  fields: Field[]
  /** undefined where the reader has no view of the name that the address gives. */
  view?: ListView
  layout?: Layout
  search: ListSearch
  ask: (search: ListSearch) => void
  /** The view of everything. */
  whole: string
  /** The views. */
  bar: ReactNode
}

/** A view that is not there, or that needs what the reader may not see, shows nothing rather than more than it should. */
export function ListBody(props: Props) {
  const { t } = useTranslation('leads')
  const { view, layout, bar, object } = props
  if (view && layout && !view.refused) return <Records {...props} view={view} layout={layout} />
  return (
    <>
      <ListHeading object={object} />
      {bar}
      <EmptyState text={t(view ? 'view.refused' : 'view.missing')} />
    </>
  )
}

function Records({ object, fields, view, layout, search, ask, whole, bar }: Props & { view: ListView; layout: Layout }) {
  const { t } = useTranslation('leads')
  const phone = usePhone()
  const navigate = useNavigate()
  const [filterOpen, setFilterOpen] = useState(false)
  const names = layout.columns.join(',')
  const columns = useMemo(() => columnsOf(object, names ? names.split(',') : [], fields), [object, names, fields])
  const card = useMemo(() => cardOf(object, columns), [object, columns])
  const question: Question = { filter: layout.filter, sort: layout.sort, fields: namesFor(columns, card) }
  const grouped = layout.group !== ''
  const list = useRecordList(object.name, question, !grouped)
  const groups = useGroups(object.name, question, layout.group, grouped ? sumsOf(columns) : [])
  const bulk = useMay('records.bulk')
  const exports = useMay('records.export')
  const selectable = exports || (bulk && mayChangeMany(object))
  const plan = useRowPlan(object, columns, selectable)
  const selection = useSelection(JSON.stringify([question, layout.group]))
  const [picking, setPicking] = useState(false)
  const choosing = selection.size > 0 || (phone && picking)
  const edit = useInlineEdit(object)
  const flat = useMemo(() => rowLines(list.rows), [list.rows])
  const lines: Line[] = grouped ? groups.lines : flat
  const keys = useListKeys(() => setFilterOpen(true))
  const change = (part: ListSearch) => ask({ ...search, view: view.name, ...part })
  const onFilter = (filter: string) => ask(withFilter(view, search, filter))
  const onOpen = (id: string) => void navigate({ to: '/o/$object/$id', params: { object: object.name, id } })
  const onGroup = (line: Line) => {
    if (line.kind === 'group') groups.toggle(line.filter)
    else if (line.kind === 'more' && !line.loading && !groups.showMore(line.filter)) ask({ ...withFilter(view, search, bothHold(layout.filter, line.filter)), group: '-' })
  }
  const state = grouped ? groups : list
  const loaded = useMemo(() => lines.filter(({ kind }) => kind === 'row').length, [lines])
  const count = grouped ? { count: groups.ready ? groups.count : undefined, countMore: groups.more } : list
  return (
    <>
      <ListHeading object={object} {...count} onExact={grouped ? undefined : list.countExactly} />
      {bar}
      <FilterBar filter={layout.filter} fields={fields} phone={phone} open={filterOpen} onOpen={setFilterOpen} onFilter={onFilter}>
        <ListTools
          object={object}
          fields={fields}
          columns={columns}
          layout={layout}
          phone={phone}
          onSort={(sort) => change({ sort })}
          onGroup={(group) => change({ group: group || '-' })}
          onColumns={(next) => change({ columns: next.join(',') })}
          onDensity={(density) => change({ density })}
          onShortcuts={keys.show}
          onPick={selectable && !choosing ? () => setPicking(true) : undefined}
        />
        {!choosing && <BulkExport object={object.name} question={question} />}
      </FilterBar>
      {choosing && <BulkBar object={object} selection={selection} question={question} loaded={loaded} {...count} bulk={bulk} onLoaded={phone ? () => selection.set(lines.flatMap((line) => (line.kind === 'row' ? [line.id] : []))) : undefined} onDone={() => setPicking(false)} />}
      {state.error && lines.length === 0 && <ListFailure error={state.error} onClear={() => onFilter('')} retry={state.retry} />}
      {state.ready && lines.length === 0 && <EmptyList object={object} filtered={layout.filter !== (view.filter ?? '')} narrow={layout.filter !== ''} onClear={() => ask({ view: view.name, sort: search.sort })} onWhole={() => ask({ view: whole })} />}
      {!state.ready && !state.error && <output className={css.waiting}>{t('loading')}</output>}
      {lines.length > 0 && phone && <RecordCards label={`${object.plural} · ${view.label}`} lines={lines} more={!grouped && list.more} stale={state.stale} card={card} plan={plan} fields={fields} selection={selection} choosing={choosing} onGroup={onGroup} loadMore={list.loadMore} />}
      {lines.length > 0 && !phone && (
        <RecordTable
          key={layout.filter + layout.group}
          label={`${object.plural} · ${view.label}`}
          lines={lines}
          total={grouped || list.countMore ? undefined : list.count}
          more={!grouped && list.more}
          stale={state.stale}
          plan={plan}
          fields={fields}
          selection={selection}
          sort={layout.sort}
          widths={layout.widths}
          density={layout.density}
          edit={edit}
          onSort={(sort) => change({ sort })}
          onOpen={onOpen}
          onGroup={onGroup}
          onColumns={(next) => change({ columns: next.join(',') })}
          onWidths={(widths) => change({ widths: widthsText(widths) })}
          loadMore={list.loadMore}
        />
      )}
      {list.loadingMore && (
        <output className={css.progress}>
          {t('loadedOf', { loaded: list.rows.length })}
        </output>
      )}
      <Shortcuts opened={keys.shown} onClose={keys.hide} />
    </>
  )
}

/** The most numbers that are added up in the heads of groups. */
const mostSums = 3

const sumsOf = (columns: Field[]): string[] => columns.filter((field) => field.type === 'currency' || (field.type === 'number' && !isStars(field) && field.name !== 'score')).map(({ name }) => name).slice(0, mostSums)

const minute = 60_000

function useRowPlan(object: CatalogObject, columns: Field[], selectable: boolean): RowPlan {
  const { i18n } = useTranslation()
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = Math.floor(useBusinessNow().getTime() / minute) * minute
  const formats = useMemo(() => createFormats(i18n.language, zone), [i18n.language, zone])
  const editable = useMemo(() => (field: Field) => isEditable(object, field), [object])
  return { object: object.name, columns, titleField: object.title_field, dueField: object.follow_up?.next_due_field, selectable, editable, formats, now }
}
