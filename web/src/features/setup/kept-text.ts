import type { Body } from './document'

/** What was typed and not saved yet, on this device. */
export interface Kept {
  body: Body
  /** What the document was when the typing began. */
  tag: string
}

const prefix = 'clew.setup.'

export function keep(document: string, kept: Kept | null): void {
  if (kept === null) localStorage.removeItem(prefix + document)
  else localStorage.setItem(prefix + document, JSON.stringify(kept))
}

/** What is kept of a document; null for nothing, or for what cannot be read. */
export function kept(document: string): Kept | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(prefix + document) ?? 'null')
    return isKept(found) ? found : null
  } catch {
    return null
  }
}

function isKept(found: unknown): found is Kept {
  return typeof found === 'object' && found !== null && 'body' in found && typeof found.body === 'object' && found.body !== null && 'tag' in found && typeof found.tag === 'string'
}
