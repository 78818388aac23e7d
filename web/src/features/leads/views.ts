import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Layout, ListView, Share } from './list-plan'

/** A saved view as the API tells it. */
interface SavedView {
  id: string
  label: string
  share: 'own' | 'team'
  team: { id: string; label?: string } | null
  owner: { id: string; label?: string } | null
  can_change: boolean
  refused: boolean
  filter?: string
  sort?: string
  group?: string
  columns?: string[]
  widths?: Record<string, number>
  density?: string
}

interface SavedViews {
  items: SavedView[]
  default: string
  order: string[]
  share_with: { id: string; label: string }[]
}

/** The views that people saved, with the reader's preference. */
export interface ViewShelf {
  saved: ListView[]
  standard: string
  order: string[]
  /** The departments that the reader may share with. */
  teams: { id: string; label: string }[]
  /** Whether they are there, or cannot be had. */
  ready: boolean
}

const shelfKey = (object: string) => ['views', object]

const listView = ({ id, can_change: canChange, filter = '', sort = '', columns = [], ...rest }: SavedView): ListView => ({ name: id, canChange, filter, sort, columns, ...rest })

export function useViewShelf(object: string): ViewShelf {
  const { data, isPending } = useQuery({ queryKey: shelfKey(object), queryFn: () => call<SavedViews>('GET', '/views', { query: { object } }), staleTime: 30_000 })
  return { saved: data?.items.map(listView) ?? [], standard: data?.default ?? '', order: data?.order ?? [], teams: data?.share_with ?? [], ready: !isPending }
}

/** What a layout is in the API. */
const shapeOf = ({ density, columns, ...rest }: Layout) => ({ ...rest, ...(columns.length > 0 && { columns }), ...(density === 'compact' && { density }) })

/** Where a new view is to be found. */
export interface Place {
  label: string
  share: Share
  /** The department of a team view. */
  department?: string
}

/** A name for a document that is told apart by its end. */
const documentName = (object: string) => `${object}.v_${Date.now().toString(36)}`

/** Publishes a view for everybody; what the document says beside the layout stays. */
async function publish(object: string, name: string, layout: Layout, label?: string): Promise<string> {
  const before = label ? { object, label: { 'zh-CN': label, en: label } } : await call<Record<string, unknown>>('GET', `/config/view/${name}`)
  const { columns, widths, ...rest } = layout
  await call('PUT', `/config/view/${name}`, { body: { ...before, ...rest, columns: columns.length > 0 ? columns : ['created_at'], widths } })
  return name
}

/** Everything that changes views; each gives the name of the view that is to be shown then. */
export function useViewActions(object: string) {
  const client = useQueryClient()
  const refresh = async <T>(result: T): Promise<T> => {
    await Promise.all([client.invalidateQueries({ queryKey: shelfKey(object) }), client.invalidateQueries({ queryKey: keys.catalog })])
    return result
  }
  const run = useMutation({ mutationFn: (work: () => Promise<string>) => work().then(refresh) })
  const patch = (view: ListView, body: object) => call<SavedView>('PATCH', `/views/${view.name}`, { body }).then(({ id }) => id)
  const isShared = ({ share = 'everyone' }: ListView) => share === 'everyone'
  return {
    pending: run.isPending,
    error: run.error,
    reset: run.reset,
    saveAs: (layout: Layout, { label, share, department }: Place) =>
      run.mutateAsync(() => (share === 'everyone' ? publish(object, documentName(object), layout, label) : call<SavedView>('POST', '/views', { body: { object, label, share, department, shape: shapeOf(layout) } }).then(({ id }) => id))),
    save: (view: ListView, layout: Layout) => run.mutateAsync(() => (isShared(view) ? publish(object, view.name, layout) : patch(view, { shape: shapeOf(layout) }))),
    rename: (view: ListView, label: string) => run.mutateAsync(() => patch(view, { label })),
    share: (view: ListView, share: 'own' | 'team', department?: string) => run.mutateAsync(() => patch(view, { share, department })),
    remove: (view: ListView) => run.mutateAsync(() => call('DELETE', isShared(view) ? `/config/view/${view.name}` : `/views/${view.name}`).then(() => '')),
    prefer: (standard: string, order: string[]) => run.mutateAsync(() => call('PUT', '/views/preference', { body: { object, default: standard, order } }).then(() => '')),
  }
}

export type ViewActions = ReturnType<typeof useViewActions>
