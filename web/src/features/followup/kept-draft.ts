import { emptyDraft, isEmpty, type Draft } from './draft'

const keyOf = (object: string, id: string) => `follow-up:${object}:${id}`

/** What was typed on this device for this record before a reload or an expired session. */
export function keptDraft(object: string, id: string): Draft {
  try {
    const text = sessionStorage.getItem(keyOf(object, id))
    return text ? { ...emptyDraft, ...(JSON.parse(text) as Partial<Draft>) } : emptyDraft
  } catch {
    return emptyDraft
  }
}

/** Keeps the draft; an empty one is forgotten. A full or forbidden store loses nothing but the comfort. */
export function keepDraft(object: string, id: string, draft: Draft): void {
  try {
    if (isEmpty(draft)) sessionStorage.removeItem(keyOf(object, id))
    else sessionStorage.setItem(keyOf(object, id), JSON.stringify(draft))
  } catch {
    // The browser keeps nothing in this mode; the card still works.
  }
}
