import { stretches } from './stretches'
import css from './marked.module.css'

interface Props {
  text: string
  spans: [number, number][]
}

/** A text in which what was looked for stands out. */
export function Marked({ text, spans }: Props) {
  return (
    <>
      {stretches(text, spans).map(({ from, part, found }) => (found ? <mark key={from} className={css.mark}>{part}</mark> : part))}
    </>
  )
}
