import { city, places } from './monogram-places.json'
import css from './monogram.module.css'

/** Where a name may begin that says nothing of the company itself. */
const leading = new RegExp(`^(${places.join('|')})${city}?`)

/** How many colours there are. */
const colours = 6

/** The first sign of a name on a quiet colour of its own, so that the eye finds a company again. It says nothing that the name beside it does not. */
export function Monogram({ name, large }: { name: string; large?: boolean }) {
  return (
    <span className={css.monogram} data-colour={colourOf(name)} data-large={large || undefined} aria-hidden="true">
      {signOf(name)}
    </span>
  )
}

/** The sign that tells a name apart: places that many companies begin with are passed over. */
export function signOf(name: string): string {
  const rest = name.replace(leading, '')
  return [...(rest || name).trim()][0]?.toUpperCase() ?? ''
}

/** The same name always has the same colour. */
export function colourOf(name: string): number {
  let sum = 0
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973
  return sum % colours
}
