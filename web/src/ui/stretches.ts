/** A part of a text, found or not. */
export interface Stretch {
  from: number
  part: string
  found: boolean
}

/** Cuts a text at its spans; spans are in order and do not overlap. */
export function stretches(text: string, spans: [number, number][]): Stretch[] {
  const cuts: Stretch[] = []
  let at = 0
  const add = (until: number, found: boolean) => {
    if (until > at) cuts.push({ from: at, part: text.slice(at, until), found })
    at = Math.max(at, until)
  }
  for (const [from, until] of spans) {
    add(Math.min(from, text.length), false)
    add(Math.min(until, text.length), true)
  }
  add(text.length, false)
  return cuts
}
