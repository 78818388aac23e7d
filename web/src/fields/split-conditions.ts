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

/** An expression cut at its outermost ANDs; one with an outermost OR stays whole, and so does what is not closed. */
export function splitConditions(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; ) {
    if (closing[text[at]]) {
      at = afterQuoted(text, at)
      continue
    }
    if (/[(（]/.test(text[at])) depth++
    if (/[)）]/.test(text[at])) depth--
    const word = depth === 0 ? wordAt(text, at) : ''
    const infix = text.slice(start, at).trim() !== ''
    if (infix && (word === 'OR' || word === '或')) return [text.trim()]
    if (infix && (word === 'AND' || word === '且')) {
      parts.push(text.slice(start, at).trim())
      start = at + word.length
    }
    at += word.length || 1
  }
  const last = text.slice(start).trim()
  if (depth !== 0 && parts.length > 0) return [text.trim()]
  return last ? [...parts, last] : parts
}
