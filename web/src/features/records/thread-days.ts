/** One thing that happened, as the thread tells it. `text` is a sentence in the reader's language. */
export interface Entry {
  id: string
  kind: string
  at: string
  actor: { kind: string; id?: string; label: string }
  params: Record<string, unknown>
  text: string
}

export interface Day {
  /** The civil day in the company's zone, YYYY-MM-DD. */
  day: string
  entries: Entry[]
}

/** Cuts a thread (newest first) into the company's days, keeping its order. */
export function byDay(entries: Entry[], zone: string): Day[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const days: Day[] = []
  for (const entry of entries) {
    const day = format.format(new Date(entry.at))
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

/** What only accompanies another act and is not the latest thing that happened. */
const accompanying = new Set(['clock_started', 'clock_satisfied', 'clock_cancelled', 'message', 'matched', 'scored', 'understood'])

/** The latest thing that happened, of a thread with the newest first. */
export function latestOf(entries: Entry[]): Entry | undefined {
  return entries.find((entry) => !accompanying.has(entry.kind)) ?? entries[0]
}
