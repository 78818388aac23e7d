import { useEffect, useRef, useState } from 'react'
import { ListLink } from './list-link'
import css from './metrics.module.css'

interface Props {
  label: string
  value: string
  note?: string
  alarm?: boolean
  /** The list that gives the number. */
  filter?: string
  object?: string
}

/** One number with its door: it opens the list behind it, and lights up for a moment when it moves. */
export function Tile({ label, value, note, alarm, filter, object }: Props) {
  const moved = useMoved(value)
  const content = (
    <>
      <span className={css.tileLabel}>{label}</span>
      <span key={moved} className={`${css.value} ${moved > 0 ? css.flash : ''}`} data-alarm={alarm || undefined}>
        {value}
      </span>
      {note && <span className={css.note}>{note}</span>}
    </>
  )
  return filter !== undefined ? (
    <ListLink className={css.tile} filter={filter} object={object}>
      {content}
    </ListLink>
  ) : (
    <div className={css.tile}>{content}</div>
  )
}

/** How often the value has changed since it was first shown. */
function useMoved(value: string): number {
  const shown = useRef(value)
  const [moved, setMoved] = useState(0)
  useEffect(() => {
    if (shown.current === value) return
    shown.current = value
    setMoved((times) => times + 1)
  }, [value])
  return moved
}
