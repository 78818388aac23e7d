import type { Kind, Listed } from './types'

/** The kinds by what a person wants to do with them, in this order. */
export const groups: { name: string; kinds: string[] }[] = [
  { name: 'data', kinds: ['object', 'field', 'view', 'page', 'block'] },
  { name: 'intake', kinds: ['channel', 'form', 'lexicon'] },
  { name: 'rules', kinds: ['scorecard', 'routing-table', 'pool', 'clock', 'conversion', 'cycle'] },
  { name: 'company', kinds: ['role', 'robot', 'calendar', 'company'] },
]

/** The kinds in their groups; one that no group names yet comes last. */
export function grouped(kinds: Kind[]): { name: string; kinds: Kind[] }[] {
  const known = groups.map(({ name, kinds: names }) => ({ name, kinds: names.flatMap((one) => kinds.filter(({ kind }) => kind === one)) }))
  const others = kinds.filter(({ kind }) => !groups.some((group) => group.kinds.includes(kind)))
  return [...known, { name: 'more', kinds: others }].filter((group) => group.kinds.length > 0)
}

export interface Found extends Listed {
  kind: string
  kindLabel: string
}

/** How well a document answers a search, the lower the better; -1 for not at all. */
function rankOf(one: Listed, kindLabel: string, kind: string, words: string[]): number {
  const names = [one.label, one.name, ...Object.values(one.labels ?? {})].map((text) => text.toLowerCase())
  const around = [kindLabel.toLowerCase(), kind, one.object ?? '', ...(one.items ?? []).map((text) => text.toLowerCase())]
  if (!words.every((word) => [...names, ...around].some((text) => text.includes(word)))) return -1
  if (words.some((word) => names.includes(word))) return 0
  if (words.some((word) => names.some((text) => text.startsWith(word)))) return 1
  return words.some((word) => names.some((text) => text.includes(word))) ? 2 : 3
}

/** The documents that answer a search by label in any language, name, kind or field; the nearest first. */
export function search(kinds: Kind[], text: string): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const all = kinds.flatMap(({ kind, label, items }) => items.map((one) => ({ rank: rankOf(one, label, kind, words), found: { ...one, kind, kindLabel: label } })))
  return all
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ found }) => found)
}

/** Whether a text may be a document's technical name. */
export const isName = (text: string) => /^[a-z][a-z0-9_.-]{0,96}$/.test(text)

/** A technical name out of a label: its letters and digits, else the kind and a number that is free. */
export function nameFrom(label: string, kind: string, taken: string[]): string {
  const plain = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
  const base = plain || kind.replaceAll('-', '_')
  if (plain && !taken.includes(base)) return base
  for (let n = 2; ; n++) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`
}
