const closing: Record<string, string> = { '"': '"', "'": "'", '“': '”', '‘': '’', '[': ']' }

/** The word that begins at `at`, in capitals; empty where none does. */
function wordAt(text: string, at: number): string {
  if (at > 0 && /[\p{L}\p{N}_]/u.test(text[at - 1])) return ''
  return /^[\p{L}\p{N}_]+/u.exec(text.slice(at))?.[0].toUpperCase() ?? ''
}

/** The index after the quoted text or bracketed name that begins at `at`. */
function afterQuoted(text: string, at: number): number {
  const end = text.indexOf(closing[text[at]], at + 1)
  return end < 0 ? text.length : end + 1
}

/** The words between which an expression is cut. */
type Join = 'AND' | 'OR'
const joins: Record<string, Join> = { AND: 'AND', 且: 'AND', OR: 'OR', 或: 'OR' }

interface Cut {
  join: Join
  start: number
  end: number
}

/** The outermost joining words of an expression; undefined where a bracket is not closed. */
function outermost(text: string): Cut[] | undefined {
  const cuts: Cut[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < text.length; ) {
    if (closing[text[at]]) {
      at = afterQuoted(text, at)
      continue
    }
    if (/[(（]/.test(text[at])) depth++
    if (/[)）]/.test(text[at])) depth--
    if (depth < 0) return undefined
    const word = depth === 0 ? wordAt(text, at) : ''
    if (joins[word] && text.slice(from, at).trim() !== '') {
      cuts.push({ join: joins[word], start: at, end: at + word.length })
      from = at + word.length
    }
    at += word.length || 1
  }
  return depth === 0 ? cuts : undefined
}

/** An expression cut at its outermost joining words of one kind; where it has none of them it stays whole. */
export function splitAt(text: string, join: Join): string[] {
  const cuts = (outermost(text) ?? []).filter((cut) => cut.join === join)
  const edges = [0, ...cuts.flatMap(({ start, end }) => [start, end]), text.length]
  const parts = Array.from({ length: cuts.length + 1 }, (_, index) => text.slice(edges[index * 2], edges[index * 2 + 1]).trim())
  return parts.filter(Boolean)
}

/** An expression cut at its outermost ANDs; one with an outermost OR stays whole, and so does what is not closed. */
export const splitConditions = (text: string): string[] => (splitAt(text, 'OR').length > 1 ? [text.trim()] : splitAt(text, 'AND'))

/** What stands inside the brackets that go round a whole expression; undefined where none do. */
export function unwrapped(text: string): string | undefined {
  const whole = text.trim()
  if (!/^[(（]/.test(whole) || !/[)）]$/.test(whole)) return undefined
  const inner = whole.slice(1, -1)
  return inner.trim() && outermost(inner) ? inner.trim() : undefined
}
