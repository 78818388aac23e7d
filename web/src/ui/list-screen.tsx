import type { ReactNode } from 'react'
import css from './list-screen.module.css'

interface Props {
  title: string
  /** A sentence on what is listed. */
  note?: string
  /** What stands beside the title: a count, a choice. */
  beside?: ReactNode
  /** What can be done with the whole list. */
  actions?: ReactNode
  /** Whether its lines use all the width that there is. */
  wide?: boolean
  children: ReactNode
}

/** A screen that is one list: what it is called, what can be done with all of it, and its lines. */
export function ListScreen({ title, note, beside, actions, wide, children }: Props) {
  return (
    <div className={css.screen} data-wide={wide || undefined}>
      <header className={css.head}>
        <h1>{title}</h1>
        {beside}
        {actions && <div className={css.actions}>{actions}</div>}
        {note && <p className={css.note}>{note}</p>}
      </header>
      {children}
    </div>
  )
}

/** Lines below each other, a hairline under each. */
export function Lines({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul className={css.lines} aria-label={label}>
      {children}
    </ul>
  )
}
