import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMemo, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { useObject, type CatalogObject, type View } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { createFormats } from '@/fields/formats'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { notify, notifyFailure } from '@/ui/notify'
import { Column } from './column'
import { askedBy, takenBack, type Move } from './move'
import { useBoard, useMove } from './queries'
import { ReasonDialog } from './reason-dialog'
import { useCardDrag } from './use-card-drag'
import type { BoardColumn } from './types'
import css from './board.module.css'

/** The records of an object by the choice where they stand: carried by mouse or finger, or moved by a menu. */
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
  const columns = data?.columns ?? []
  const { move, asking, ask } = useMoves(object, data?.group ?? '', columns, filter)
  const strip = useRef<HTMLDivElement>(null)
  const [told, tell] = useState('')
  const [over, setOver] = useState<string | null>(null)
  const nameOf = (choice: string) => columns.find((column) => column.choice === choice)?.label || t('blank')
  const drag = useCardDrag<HTMLDivElement>({
    enabled: object.can.update,
    onLift: () => tell(t('lifted')),
    onOver: (choice) => {
      setOver(choice)
      if (choice !== null) tell(t('over', { to: nameOf(choice) }))
    },
    onDrop: (id, from, to) => (to === null || to === from ? tell(t('putBack')) : move({ id, from, to })),
  })
  const plan = usePlan(object, view, data?.sum)
  return (
    <div ref={drag} className={css.page}>
      <p className="visually-hidden" role="status">
        {told}
      </p>
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
      <Tabs columns={columns} strip={strip} over={over} />
      <div ref={strip} className={css.strip} data-strip {...(columns.every(({ count }) => count === 0) && { tabIndex: 0, role: 'group', 'aria-label': object.plural })}>
        {columns.map((column) => (
          <Column key={column.choice} object={object} column={column} columns={columns} filter={filter} sort={view.sort} plan={plan} over={over === column.choice} onMove={move} />
        ))}
      </div>
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
function useMoves(object: CatalogObject, group: string, columns: BoardColumn[], filter: string) {
  const { t } = useTranslation('board')
  const { mutate } = useMove(object.name, group, filter)
  const [asking, ask] = useState<Move | null>(null)
  const send = (one: Move, then: (was?: Record<string, unknown>) => void) =>
    mutate(one, { onSuccess: (_, __, before) => then(before?.card), onError: (error) => notifyFailure(refusalText(error, object.fields)) })
  const done = (one: Move, was?: Record<string, unknown>) => {
    const label = columns.find(({ choice }) => choice === one.to)?.label || t('blank')
    const back = takenBack(one, object.fields, group, was)
    notify(t('moved', { to: label }), { label: t('undo'), run: () => send(back, () => focusCard(back.id)) })
    focusCard(one.id)
  }
  const move = (one: Move) => {
    if (one.from === one.to || !object.can.update) return
    if (!one.fields && askedBy(object.fields, group, one.to).length > 0) return ask(one)
    ask(null)
    send(one, (was) => done(one, was))
  }
  return { move, asking, ask }
}

/** Why a move was refused: the field that stands against it, and what is wrong with it. */
function refusalText(error: Error, fields: CatalogObject['fields']): string {
  const [first] = error instanceof Problem ? error.errors : []
  const label = fields.find(({ name }) => name === first?.path)?.label
  return first && label ? `${label} · ${first.message}` : error.message
}

/** Keeps a keyboard on the card that it has moved. */
function focusCard(id: string) {
  if (document.activeElement && document.activeElement !== document.body) return
  document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"] [aria-haspopup=menu]`)?.focus()
}

/** On a phone one column is in sight; the tabs lead to the others, and take cards, too. */
function Tabs({ columns, strip, over }: { columns: BoardColumn[]; strip: RefObject<HTMLDivElement | null>; over: string | null }) {
  const { t } = useTranslation('board')
  const choose = (n: number) => strip.current?.children[n]?.scrollIntoView({ behavior: 'smooth', inline: 'start', block: 'nearest' })
  return (
    <nav className={css.tabs} aria-label={t('columns')}>
      {columns.map(({ choice, label, count }, n) => (
        <button key={choice} type="button" data-choice={choice} data-over={over === choice || undefined} onClick={() => choose(n)}>
          {label || t('blank')} <span>{count}</span>
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
