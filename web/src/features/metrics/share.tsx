import { share } from './day-stacks'
import css from './metrics.module.css'

/** A share as a bar with its number; the bar is for the eye only. */
export function Share({ part, whole }: { part: number; whole: number }) {
  const percent = share(part, whole)
  if (percent === null) return <>–</>
  return (
    <span className={css.share}>
      <span className={css.track} aria-hidden="true">
        <span style={{ inlineSize: `${percent}%` }} />
      </span>
      {percent} %<small>{part}</small>
    </span>
  )
}
