import { Link } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import css from './menu.module.css'

/** One line of a menu: a place to go, or something to do. */
export interface MenuEntry {
  label: string
  icon?: LucideIcon
  to?: string
  onSelect?: () => void
  /** The language of the label where it is not the page's. */
  lang?: string
  /** Whether it is the present choice. */
  current?: boolean
  disabled?: boolean
}

/** What the button that opens a menu must carry. */
export interface MenuTrigger {
  'aria-haspopup': 'menu'
  'aria-expanded': boolean
  'aria-controls': string
  onClick: () => void
}

interface Props {
  entries: MenuEntry[]
  /** A line above the entries. */
  note?: string
  align?: 'start' | 'end'
  className?: string
  trigger: (props: MenuTrigger) => ReactNode
}

/** What the arrow keys stop at: an entry that is off takes no focus. */
const choosable = '[role=menuitem]:not(:disabled)'

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** A short list of choices under a button. Escape, a tap elsewhere and leaving with Tab close it. */
export function Menu({ entries, note, align = 'end', className, trigger }: Props) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    (root.current?.querySelector<HTMLElement>(choosable) ?? root.current?.querySelector<HTMLElement>('[role=menu]'))?.focus()
    const leave = (event: PointerEvent) => !root.current?.contains(event.target as Node) && setOpen(false)
    document.addEventListener('pointerdown', leave)
    return () => document.removeEventListener('pointerdown', leave)
  }, [open])
  const close = () => {
    setOpen(false)
    root.current?.querySelector<HTMLElement>('[aria-haspopup=menu]')?.focus()
  }
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      return close()
    }
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(choosable)]
    const step = steps[event.key]
    if (!step || items.length === 0) return
    event.preventDefault()
    items[step(items.indexOf(document.activeElement as HTMLElement), items.length)].focus()
  }
  return (
    <div ref={root} className={`${css.root} ${className ?? ''}`} onBlur={({ relatedTarget }) => relatedTarget && !root.current?.contains(relatedTarget) && setOpen(false)}>
      {trigger({ 'aria-haspopup': 'menu', 'aria-expanded': open, 'aria-controls': id, onClick: () => setOpen(!open) })}
      {open && (
        <div id={id} className={css.list} data-align={align} role="menu" tabIndex={-1} onKeyDown={move}>
          {note && <p className={css.note}>{note}</p>}
          {entries.map((entry) => (
            <Entry key={entry.label} entry={entry} onDone={close} />
          ))}
        </div>
      )}
    </div>
  )
}

function Entry({ entry: { label, icon: Icon, to, onSelect, lang, current, disabled }, onDone }: { entry: MenuEntry; onDone: () => void }) {
  const shared = { role: 'menuitem', tabIndex: -1, className: css.entry, lang, 'aria-current': current || undefined }
  const content = (
    <>
      {Icon && <Icon size={16} aria-hidden />}
      {label}
    </>
  )
  const select = () => {
    onDone()
    onSelect?.()
  }
  if (to) {
    return (
      <Link to={to} onClick={onDone} {...shared}>
        {content}
      </Link>
    )
  }
  return (
    <button type="button" disabled={disabled} onClick={select} {...shared}>
      {content}
    </button>
  )
}
