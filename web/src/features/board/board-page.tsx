import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus, Undo2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject, type CatalogObject, type View } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { createFormats } from '@/fields/formats'
import { Button } from '@/ui/button'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { notifyFailure } from '@/ui/notify'
import { Column } from './column'
import { askedBy, type Move } from './move'
import { useBoard, useMove } from './queries'
import { ReasonDialog } from './reason-dialog'
import type { BoardColumn } from './types'
import css from './board.module.css'

/** The records of an object by the choice where they stand: moved with the mouse, or by a menu with finger and keyboard. */
export function BoardPage() {
  const { t } = useTranslation('board')
  const { object: name = 'project' } = useParams({ strict: false })
  const object = useObject(name)
  const view = object?.views.find(({ layout }) => layout === 'board')
  if (!object) return <output className={css.waiting}>{t('loading')}</output>
  if (!view) return <EmptyState text={t('none')} />
  return <Loaded object={object} view={view} />
}

function Loaded({ object, view }: { object: CatalogObject; view: View }) {
  const { t } = useTranslation('board')
  const search: { filter?: string } = useSearch({ strict: false })
  const filter = search.filter ?? ''
  const { data, error } = useBoard(object.name, view.name, filter)
  const { move, undo, asking, ask, last } = useMoves(object, data?.group ?? '', filter)
  const columns = data?.columns ?? []
  const strip = useRef<HTMLDivElement>(null)
  const plan = usePlan(object, view, data?.sum)
  return (
    <div className={css.page}>
      <header className={css.heading}>
        <h1>{object.plural}</h1>
        <FilterNote filter={filter} />
        {object.can.create && (
          <ButtonLink to="/o/$object/new" params={{ object: object.name }} leftSection={<Plus size={16} aria-hidden="true" />}>
            {t('new', { object: object.label })}
          </ButtonLink>
        )}
      </header>
      {error && <p role="alert">{error.message}</p>}
      <Tabs columns={columns} onChoose={(n) => strip.current?.children[n]?.scrollIntoView({ behavior: 'smooth', inline: 'start', block: 'nearest' })} />
      <div ref={strip} className={css.strip}>
        {columns.map((column) => (
          <Column key={column.choice} object={object} column={column} columns={columns} filter={filter} sort={view.sort} plan={plan} onMove={move} />
        ))}
      </div>
      {last && (
        <output className={css.undo}>
          {t('moved', { to: columns.find(({ choice }) => choice === last.to)?.label ?? '' })}
          <Button variant="default" size="xs" leftSection={<Undo2 size={14} aria-hidden="true" />} onClick={undo}>
            {t('undo')}
          </Button>
        </output>
      )}
      {asking && <ReasonDialog fields={askedBy(object.fields, data?.group ?? '', asking.to)} onClose={() => ask(null)} onDone={(fields) => move({ ...asking, fields })} />}
    </div>
  )
}

/** What a card shows, made once for all. */
function usePlan(object: CatalogObject, view: View, sum: string | undefined) {
  const { i18n } = useTranslation()
  const zone = useSession()?.company.zone ?? 'UTC'
  const now = Math.floor(useBusinessNow().getTime() / 60_000) * 60_000
  const formats = useMemo(() => createFormats(i18n.language, zone), [i18n.language, zone])
  const fields = view.columns.flatMap((name) => object.fields.find((field) => field.name === name && name !== object.title_field) ?? [])
  return { fields, formats, now, sum: object.fields.find(({ name }) => name === sum) }
}

/** Moves with their undo; a choice that asks for a reason asks first. */
function useMoves(object: CatalogObject, group: string, filter: string) {
  const { mutate } = useMove(object.name, group, filter)
  const [asking, ask] = useState<Move | null>(null)
  const [last, setLast] = useState<Move | null>(null)
  const send = (one: Move, then: Move | null) => mutate(one, { onSuccess: () => setLast(then), onError: (error) => notifyFailure(error.message) })
  const move = (one: Move) => {
    if (one.from === one.to || !object.can.update) return
    if (!one.fields && askedBy(object.fields, group, one.to).length > 0) return ask(one)
    ask(null)
    send(one, one)
  }
  const undo = () => last && send({ id: last.id, from: last.to, to: last.from }, null)
  return { move, undo, asking, ask, last }
}

/** On a phone one column is in sight; the tabs lead to the others. */
function Tabs({ columns, onChoose }: { columns: BoardColumn[]; onChoose: (n: number) => void }) {
  const { t } = useTranslation('board')
  return (
    <nav className={css.tabs} aria-label={t('columns')}>
      {columns.map(({ choice, label, count }, n) => (
        <button key={choice} type="button" onClick={() => onChoose(n)}>
          {label} <span>{count}</span>
        </button>
      ))}
    </nav>
  )
}

function FilterNote({ filter }: { filter: string }) {
  const { t } = useTranslation('board')
  const navigate = useNavigate()
  const [text, setText] = useState(filter)
  const apply = () => void navigate({ to: '.', search: { layout: 'board', ...(text.trim() ? { filter: text.trim() } : {}) } as never })
  return (
    <form
      className={css.filter}
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <input type="search" aria-label={t('filter')} placeholder={t('filterHint')} value={text} onChange={(event) => setText(event.currentTarget.value)} />
    </form>
  )
}
