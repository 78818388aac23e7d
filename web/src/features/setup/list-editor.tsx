import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Copy, EllipsisVertical, GripVertical, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '@/ui/icon-button'
import { Menu } from '@/ui/menu'
import { useEditorWork } from './editor-context'
import { copyOf, faultsIn, fieldPick, moved, nameOf, summaryOf, type Path } from './document'
import { Faults } from './fields'
import { NodeEditor } from './node-editor'
import { blankOf, type Shape } from './shape'
import { useFocusNext } from './use-focus-next'
import css from './list.module.css'

interface Props {
  shape: Extract<Shape, { kind: 'list' }>
  value: unknown
  path: Path
  label: string
}

/** Rows as in a table: each opens in place; they move by drag, by menu and by Alt with an arrow. */
export function ListEditor({ shape, value, path, label }: Props) {
  const { change } = useEditorWork()
  const { t } = useTranslation('setup')
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const { keys, setKeys, fresh } = useKeys(items.length)
  const [open, setOpen] = useState<number | null>(null)
  const [dragged, setDragged] = useState<number | null>(null)
  const [search, setSearch] = useState('')
  const { language } = useEditorWork()
  const { box, focusNext } = useFocusNext<HTMLOListElement>()
  const set = (next: unknown[]) => change(path, next)
  const move = (from: number, to: number) => {
    if (to < 0 || to >= items.length) return
    set(moved(items, from, to))
    setKeys(moved(keys, from, to))
    setOpen(open === from ? to : open === to ? from : open)
  }
  const add = (item: unknown, at: number) => {
    set(items.toSpliced(at, 0, item))
    setKeys(keys.toSpliced(at, 0, fresh()))
    setOpen(at)
  }
  const shown = items.map((item, at) => ({ item, at })).filter(({ item, at }) => search === '' || at === open || JSON.stringify(item).toLowerCase().includes(search.toLowerCase()) || nameOf(item, language).includes(search))
  const full = shape.max !== undefined && items.length >= shape.max
  return (
    <div className={css.list}>
      {items.length > 12 && <input className={css.search} type="search" value={search} placeholder={t('searchIn', { list: label })} aria-label={t('searchIn', { list: label })} onChange={(event) => setSearch(event.currentTarget.value)} />}
      <ol ref={box} className={css.rows} aria-label={label}>
        {shown.map(({ item, at }) => (
          <Row
            key={keys[at]}
            item={item}
            at={at}
            count={items.length}
            shape={shape.item}
            path={[...path, at]}
            open={open === at}
            dragged={dragged === at}
            onToggle={() => setOpen(open === at ? null : at)}
            onMove={(to) => move(at, to)}
            onCopy={() => add(copyOf(item), at + 1)}
            onRemove={() => {
              focusNext((box) => [...box.children].at(Math.min(at, items.length - 2))?.querySelector<HTMLElement>('[aria-expanded]') ?? (box.nextElementSibling as HTMLElement | null))
              set(items.toSpliced(at, 1))
              setKeys(keys.toSpliced(at, 1))
              setOpen(null)
            }}
            onDragStart={() => setDragged(at)}
            onDragOver={() => {
              if (dragged === null || dragged === at) return
              move(dragged, at)
              setDragged(at)
            }}
            onDragEnd={() => setDragged(null)}
          />
        ))}
      </ol>
      {!full && (
        <button type="button" className={css.add} onClick={() => add(blankOf(shape.item), items.length)}>
          <Plus size={15} aria-hidden="true" />
          {t('addTo', { list: label })}
        </button>
      )}
      <Faults path={path} />
    </div>
  )
}

/** Keys that stay with their rows while these move and their names are typed. */
function useKeys(count: number) {
  const [next, setNext] = useState(count)
  const [keys, setKeys] = useState(() => Array.from({ length: count }, (_, at) => at))
  if (keys.length !== count) {
    setKeys(Array.from({ length: count }, (_, at) => next + at))
    setNext(next + count)
  }
  const fresh = () => {
    setNext(next + 1)
    return next
  }
  return { keys, setKeys, fresh }
}

interface RowProps {
  item: unknown
  at: number
  count: number
  shape: Shape
  path: Path
  open: boolean
  dragged: boolean
  onToggle: () => void
  onMove: (to: number) => void
  onCopy: () => void
  onRemove: () => void
  onDragStart: () => void
  onDragOver: () => void
  onDragEnd: () => void
}

function Row({ item, at, count, shape, path, open, dragged, onToggle, onMove, onCopy, onRemove, onDragStart, onDragOver, onDragEnd }: RowProps) {
  const { language, faults, call } = useEditorWork()
  const { t } = useTranslation('setup')
  const body = useRef<HTMLDivElement>(null)
  const row = useRef<HTMLLIElement>(null)
  const toggle = useRef<HTMLButtonElement>(null)
  const byKey = useRef(false)
  const raw = nameOf(item, language)
  const name = (typeof item === 'object' && item !== null && !('label' in item) && raw ? call(fieldPick, raw, path) : raw) || t('row', { position: at + 1 })
  const summary = summaryOf(item, shape, path, language, call)
  const wrong = faultsIn(faults, path).length
  useEffect(() => {
    if (!open) return
    row.current?.scrollIntoView({ block: 'nearest' })
    body.current?.querySelector<HTMLElement>('input, select, textarea')?.focus()
  }, [open])
  useEffect(() => {
    // A row that moves down is taken out of the page for a moment and loses the focus.
    if (byKey.current) toggle.current?.focus()
    byKey.current = false
  }, [at])
  const keys = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    byKey.current = true
    onMove(at + (event.key === 'ArrowUp' ? -1 : 1))
  }
  return (
    // The grip in the row is what is dragged; the row only takes it. Keys and the menu do the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li ref={row} className={css.item} data-open={open || undefined} data-dragged={dragged || undefined} onDragOver={(event) => event.preventDefault()} onDragEnter={onDragOver}>
      <div className={css.head}>
        <span className={css.grip} draggable aria-hidden="true" onDragStart={onDragStart} onDragEnd={onDragEnd}>
          <GripVertical size={15} />
        </span>
        <button ref={toggle} type="button" className={css.toggle} aria-expanded={open} onClick={onToggle} onKeyDown={keys} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown">
          {open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronRight size={15} aria-hidden="true" />}
          <span className={css.position}>{at + 1}</span>
          <span className={css.name}>{name}</span>
          <span className={css.summary}>
            {summary.map((piece, index) => (
              // Pieces have no names of their own and may repeat.
              // oxlint-disable-next-line react/no-array-index-key
              <span key={index}>{piece}</span>
            ))}
          </span>
          {wrong > 0 && <span className={css.wrong}>{t('faultCount', { count: wrong })}</span>}
        </button>
        <Menu
          entries={[
            { label: t('moveUp'), icon: ArrowUp, onSelect: () => onMove(at - 1), disabled: at === 0 },
            { label: t('moveDown'), icon: ArrowDown, onSelect: () => onMove(at + 1), disabled: at === count - 1 },
            { label: t('duplicate'), icon: Copy, onSelect: onCopy },
            { label: t('delete'), icon: Trash2, onSelect: onRemove },
          ]}
          trigger={(props) => (
            <IconButton label={t('actionsOf', { item: name })} size={32} {...props}>
              <EllipsisVertical size={16} />
            </IconButton>
          )}
        />
      </div>
      {open && (
        <div ref={body} className={css.body}>
          <NodeEditor shape={shape} value={item} path={path} label={name} />
        </div>
      )}
    </li>
  )
}
