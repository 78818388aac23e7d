import type { ReactNode } from 'react'
import { ScrollBox } from './scroll-box'
import css from './table.module.css'

interface Props {
  /** Names the table for those who do not see it. */
  label: string
  /** On a phone each row is a card: the row's head on top, then what each cell says of itself in `data-label`. */
  cards?: boolean
  children: ReactNode
}

/** A table of a few dozen rows. Cells with `data-number` stand at the end, with `data-wide` they are cut. */
export function Table({ label, cards = false, children }: Props) {
  return (
    <ScrollBox className={css.scroll} label={label}>
      <table className={css.table} data-cards={cards || undefined}>
        {children}
      </table>
    </ScrollBox>
  )
}
