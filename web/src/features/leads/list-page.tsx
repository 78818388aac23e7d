import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalog, type CatalogObject } from '@/api/catalog'
import { useSession } from '@/api/session'
import { fieldsWithSystem } from '@/fields/field-list'
import { EmptyState } from '@/ui/empty-state'
import { ListBody } from './list-body'
import { isModified, layoutOf, viewOf, viewsOf, type ListSearch } from './list-plan'
import { ViewBar } from './view-bar'
import { useViewActions, useViewShelf } from './views'
import css from './list-page.module.css'

/** The records of the object that the address names, /leads being short for leads: by view, filter, order and grouping, all in the address. */
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
  const home = useSession()?.user.home ?? ''
  const shelf = useViewShelf(object.name)
  const actions = useViewActions(object.name)
  const views = viewsOf(object, t('all'), shelf.saved, shelf.order)
  const view = viewOf(views, search, worksOwn.has(home), shelf.standard)
  const fields = useMemo(() => fieldsWithSystem(object, { created_at: t('fields:createdAt'), updated_at: t('fields:updatedAt') }), [object, t])
  const layout = view && layoutOf(view, search)
  const waits = !shelf.ready && (!view || (!search.view && !search.filter))
  return (
    <div className={css.page}>
      {waits ? (
        <output className={css.waiting}>{t('loading')}</output>
      ) : (
        <ListBody
          key={view?.name}
          object={object}
          fields={fields}
          view={view}
          layout={layout}
          search={search}
          ask={ask}
          whole={views.find((one) => !one.filter && !one.refused)?.name ?? ''}
          bar={
            <ViewBar views={views} current={view} layout={layout} modified={view !== undefined && !view.refused && isModified(view, search)} shelf={shelf} actions={actions} onView={(name) => ask({ view: name || undefined })} />
          }
        />
      )}
    </div>
  )
}

/** Puts another question into the address. */
function useAsk(): (search: ListSearch) => void {
  const navigate = useNavigate()
  return (search) => void navigate({ to: '.', search, resetScroll: false })
}
