/** One day and channel of the lead-health figures. */
export interface DayFigure {
  day: string
  channel: string
  label?: string
  leads: number
  filter: string
}

export interface Stack {
  day: string
  total: number
  parts: { channel: string; leads: number; filter: string; below: number }[]
}

/** The figures as one stack per day, parts in the order of `channels`; days without a lead stay as gaps. */
export function stacksOf(figures: DayFigure[], channels: string[]): Stack[] {
  const days = [...new Set(figures.map(({ day }) => day))].sort()
  if (days.length === 0) return []
  return eachDay(days[0], days[days.length - 1]).map((day) => {
    let below = 0
    const parts: Stack['parts'] = []
    for (const channel of channels) {
      const figure = figures.find((f) => f.day === day && f.channel === channel)
      if (!figure || figure.leads === 0) continue
      parts.push({ channel, leads: figure.leads, filter: figure.filter, below })
      below += figure.leads
    }
    return { day, total: below, parts }
  })
}

function eachDay(first: string, last: string): string[] {
  const days: string[] = []
  for (let at = new Date(`${first}T00:00:00Z`); ; at = new Date(at.getTime() + 24 * 3600_000)) {
    const day = at.toISOString().slice(0, 10)
    if (day > last) return days
    days.push(day)
  }
}

/** Colours of series; more series than these begin anew. */
const hues = 8

/** The colour of a series by its position. */
export const hueOf = (position: number): number => position % hues

/** The step of a scale with about `lines` lines: 1, 2 or 5 times a power of ten, never below 1. */
export function stepFor(max: number, lines = 4): number {
  const raw = Math.max(max, 1) / lines
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw
  return Math.max(1, step)
}

/** A share in whole per cent; null when there is nothing to share. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 100)
}
