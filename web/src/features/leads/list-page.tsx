import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalog, type CatalogObject } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { fieldsWithSystem } from '@/fields/field-list'
import { createFormats } from '@/fields/formats'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { useBulk } from './bulk'
import { BulkBar, mayAssign } from './bulk-bar'
import { BulkReport } from './bulk-report'
import { FilterBar } from './filter-bar'
import { cardOf, columnsOf, namesFor, questionOf, viewOf, viewsOf, type ListSearch } from './list-plan'
import { EmptyList, ListFailure } from './list-state'
import { useRecordList, type RecordList } from './queries'
import { RecordCards } from './record-cards'
import { RecordTable } from './record-table'
import type { RowPlan } from './record-row'
import { useSelection } from './selection'
import { SortChoice } from './sort-choice'
import { usePhone } from './use-phone'
import { ViewTabs } from './view-tabs'
import css from './list-page.module.css'

/** The records of the object that the address names, /leads being short for leads: by view, filter and order, all in the address. */
export function ListPage() {
  const { t } = useTranslation('leads')
  const { object: name = 'lead' } = useParams({ strict: false })
  const catalog = useCatalog()
  const object = catalog?.find((one) => one.name === name)
  if (object?.can.read) return <ObjectList key={name} object={object} />
  return catalog ? <EmptyState text={t('noObject')} /> : <output className={css.waiting}>{t('loading')}</output>
}

/** Homes whose people work on records of their own. */
const worksOwn = new Set(['sales', 'service'])

function ObjectList({ object }: { object: CatalogObject }) {
  const { t } = useTranslation(['leads', 'fields'])
  const search: ListSearch = useSearch({ strict: false })
  const ask = useAsk()
  const phone = usePhone()
  const home = useSession()?.user.home ?? ''
  const views = useMemo(() => viewsOf(object, t('all')), [object, t])
  const view = viewOf(views, search, worksOwn.has(home))
  const fields = useMemo(() => fieldsWithSystem(object, { created_at: t('fields:createdAt'), updated_at: t('fields:updatedAt') }), [object, t])
  const columns = useMemo(() => columnsOf(object, view, fields), [object, view, fields])
  const card = useMemo(() => cardOf(object, columns), [object, columns])
  const question = questionOf(view, search, namesFor(columns, card))
  const list = useRecordList(object.name, question)
  const selectable = object.can.delete || mayAssign(object)
  const plan = useRowPlan(object, columns, selectable)
  const selection = useSelection(JSON.stringify(question))
  const bulk = useBulk(object.name)
  const names = new Map(list.rows.map((row) => [row.id, String(row[object.title_field] ?? '')]))
  const label = `${object.plural} · ${view.label}`
  const filter = search.filter ?? ''
  const onClear = () => ask({ view: view.name, sort: search.sort })
  const onSort = (sort: string) => ask({ view: view.name, filter: search.filter, sort })
  const onOpen = useOpen(object.name)
  return (
    <div className={css.page}>
      <Heading object={object} list={list} />
      <ViewTabs views={views} current={view.name} onView={(name) => ask({ view: name })} />
      <FilterBar filter={filter} fields={fields} phone={phone} onFilter={(next) => ask({ view: view.name, sort: search.sort, filter: next })}>
        {phone && <SortChoice columns={columns} sort={question.sort} onSort={onSort} />}
      </FilterBar>
      {selection.size > 0 && <BulkBar object={object} selection={selection} bulk={bulk} />}
      <BulkReport bulk={bulk} nameOf={(id) => names.get(id) || id} />
      {list.error && list.rows.length === 0 && <ListFailure error={list.error} onClear={onClear} retry={list.retry} />}
      {list.ready && list.rows.length === 0 && (
        <EmptyList object={object} filtered={filter !== ''} narrow={question.filter !== ''} onClear={onClear} onWhole={() => ask({ view: views.find((one) => !one.filter)?.name })} />
      )}
      {!list.ready && !list.error && <output className={css.waiting}>{t('loading')}</output>}
      {list.rows.length > 0 && phone && <RecordCards label={label} card={card} plan={plan} {...list} />}
      {list.rows.length > 0 && !phone && (
        <RecordTable key={view.name + filter} label={label} plan={plan} selection={selection} sort={question.sort} total={list.countMore ? undefined : list.count} onSort={onSort} onOpen={onOpen} {...list} />
      )}
      <output className="visually-hidden">{list.loadingMore && t('loadingMore')}</output>
    </div>
  )
}

/** Puts another question into the address. */
function useAsk(): (search: ListSearch) => void {
  const navigate = useNavigate()
  return (search) => void navigate({ to: '.', search, resetScroll: false })
}

function useOpen(object: string): (id: string) => void {
  const navigate = useNavigate()
  return (id) => void navigate({ to: '/o/$object/$id', params: { object, id } })
}

const minute = 60_000

function useRowPlan(object: CatalogObject, columns: RowPlan['columns'], selectable: boolean): RowPlan {
  const { i18n } = useTranslation()
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = Math.floor(useBusinessNow().getTime() / minute) * minute
  const formats = useMemo(() => createFormats(i18n.language, zone), [i18n.language, zone])
  return { object: object.name, columns, titleField: object.title_field, dueField: object.follow_up?.next_due_field, selectable, formats, now }
}

function Heading({ object, list: { count, countMore } }: { object: CatalogObject; list: RecordList }) {
  const { t, i18n } = useTranslation('leads')
  const shown = new Intl.NumberFormat(i18n.language).format(count ?? 0)
  return (
    <header className={css.heading}>
      <h1>{object.plural}</h1>
      {count !== undefined && <output className={css.count}>{countMore ? t('countMore', { number: shown }) : t('count', { count, number: shown })}</output>}
      {object.can.create && (
        <ButtonLink to="/o/$object/new" params={{ object: object.name }} className={css.create} leftSection={<Plus size={16} aria-hidden="true" />}>
          {t('new', { object: object.label })}
        </ButtonLink>
      )}
    </header>
  )
}
