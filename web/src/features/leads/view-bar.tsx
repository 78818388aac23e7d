import { ChevronDown, Ellipsis } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { Menu, type MenuEntry } from '@/ui/menu'
import { useDragOrder } from '@/ui/use-drag-order'
import type { Layout, ListView } from './list-plan'
import { ViewDialog, type Asked } from './view-dialog'
import type { ViewActions, ViewShelf } from './views'
import css from './view-bar.module.css'

interface Props {
  views: ListView[]
  current?: ListView
  layout?: Layout
  modified: boolean
  shelf: ViewShelf
  actions: ViewActions
  /** Shows a view, without what was changed. */
  onView: (name: string) => void
}

/** The views of an object as tabs, what was changed of the present one, and what may be done with it. */
export function ViewBar({ views, current, layout, modified, shelf, actions, onView }: Props) {
  const { t } = useTranslation('leads')
  const [asked, setAsked] = useState<Asked>()
  const mayPublish = useMay('config.write')
  const mayChange = current !== undefined && (current.canChange ?? (mayPublish && current.name !== 'all'))
  const move = (name: string, to: number) => {
    const order = views.map((view) => view.name).filter((other) => other !== name)
    order.splice(Math.max(0, Math.min(order.length, to)), 0, name)
    void actions.prefer(shelf.standard, order)
  }
  const entries = current ? entriesOf() : []
  return (
    <div className={css.bar}>
      <Tabs views={views} current={current?.name ?? ''} standard={shelf.standard} onView={onView} onMove={move} />
      <Menu
        align="end"
        entries={views.map((view) => ({ label: tabLabel(view, t), current: view === current, onSelect: () => onView(view.name) }))}
        trigger={(props) => (
          <IconButton label={t('view.all')} {...props}>
            <ChevronDown size={18} aria-hidden="true" />
          </IconButton>
        )}
      />
      {current && (
        <Menu
          align="end"
          entries={entries}
          trigger={(props) => (
            <IconButton label={t('view.more')} {...props}>
              <Ellipsis size={18} aria-hidden="true" />
            </IconButton>
          )}
        />
      )}
      {current && layout && modified && (
        <span className={css.modified} role="group" aria-label={t('view.modified')}>
          <span>{t('view.modified')}</span>
          {mayChange && (
            <Button size="compact-sm" loading={actions.pending} onClick={() => void actions.save(current, layout).then(onView)}>
              {t('view.save')}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setAsked({ act: 'saveAs' })}>
            {t('view.saveAs')}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => onView(current.name)}>
            {t('view.discard')}
          </Button>
        </span>
      )}
      {asked && current && layout && <ViewDialog asked={asked} view={current} layout={layout} teams={shelf.teams} actions={actions} onDone={(name) => (setAsked(undefined), name !== undefined && onView(name))} />}
    </div>
  )

  function entriesOf(): MenuEntry[] {
    if (!current) return []
    const at = views.indexOf(current)
    const isDefault = shelf.standard === current.name
    const order = views.map(({ name }) => name)
    const all: (MenuEntry | false)[] = [
      { label: t('view.saveAs'), onSelect: () => setAsked({ act: 'saveAs' }) },
      mayChange && current.share !== undefined && { label: t('view.rename'), onSelect: () => setAsked({ act: 'rename' }) },
      mayChange && current.share === 'own' && shelf.teams.length > 0 && { label: t('view.share'), onSelect: () => setAsked({ act: 'share' }) },
      mayChange && current.share === 'team' && { label: t('view.unshare'), onSelect: () => void actions.share(current, 'own') },
      { label: t(isDefault ? 'view.noDefault' : 'view.makeDefault'), onSelect: () => void actions.prefer(isDefault ? '' : current.name, shelf.order.length > 0 ? shelf.order : order) },
      at > 0 && { label: t('view.left'), onSelect: () => move(current.name, at - 1) },
      at < views.length - 1 && { label: t('view.right'), onSelect: () => move(current.name, at + 1) },
      mayChange && { label: t('view.delete'), onSelect: () => setAsked({ act: 'delete' }) },
    ]
    return all.filter((entry) => entry !== false)
  }
}

type T = (key: string, values?: Record<string, string>) => string

/** A tab's text: a view of a department says whose it is. */
const tabLabel = ({ label, share, team }: ListView, t: T) => (share === 'team' ? t('view.ofTeam', { label, team: team?.label ?? '' }) : label)

interface TabsProps {
  views: ListView[]
  current: string
  standard: string
  onView: (name: string) => void
  onMove: (name: string, to: number) => void
}

/** A view chosen by the address may stand beyond the edge. */
const showWhole = (input: HTMLInputElement | null) => {
  input?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function Tabs({ views, current, standard, onView, onMove }: TabsProps) {
  const { t } = useTranslation('leads')
  const place = useDragOrder<HTMLDivElement>(onMove)
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!event.altKey || !by) return
    event.preventDefault()
    onMove(views[index].name, index + by)
  }
  return (
    <div ref={place} role="radiogroup" aria-label={t('views')} className={css.tabs}>
      {views.map((view, index) => (
        <label
          key={view.name}
          draggable
          data-drag={view.name}
        >
          <input ref={view.name === current ? showWhole : undefined} type="radio" name="list-view" checked={view.name === current} onKeyDown={(event) => onKeyDown(event, index)} onChange={() => onView(view.name)} />
          <span data-refused={view.refused || undefined}>
            {tabLabel(view, t)}
            {standard === view.name && <small title={t('view.isDefault')}> ★</small>}
          </span>
        </label>
      ))}
    </div>
  )
}
