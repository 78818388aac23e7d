/** Where two letters lead, the first of them a g. */
export const leaps: Record<string, string> = { h: '/home', l: '/leads', t: '/tasks', c: '/calendar', i: '/inbox', s: '/setup' }

/** How long a g waits for its second letter, in milliseconds. */
export const patience = 1500

/** What a key asks for: a place, a new lead, the list of keys; or nothing yet, after a g. */
export type Wish = { go: string } | 'keys' | 'waits' | undefined

interface Pressed {
  key: string
  /** Whether a g stands before it. */
  after: boolean
  /** The addresses that the reader may go to. */
  places: string[]
  mayCreate: boolean
}

/** What a key means where nothing is typed. */
export function wishOf({ key, after, places, mayCreate }: Pressed): Wish {
  if (after && leaps[key]) return places.includes(leaps[key]) ? { go: leaps[key] } : undefined
  if (key === 'g') return 'waits'
  if (key === '?') return 'keys'
  if (key === 'n' && mayCreate) return { go: '/leads/new' }
  return undefined
}
