import type { FirstStep, FirstSteps } from './types'

/** Where each step is done. */
const places: Record<FirstStep['name'], { to: string; search?: Record<string, string> }> = {
  people: { to: '/people' },
  departments: { to: '/people', search: { part: 'departments' } },
  pools: { to: '/people', search: { part: 'pools' } },
  intake: { to: '/channels' },
  robot: { to: '/setup/robot' },
  calendar: { to: '/setup/calendar' },
  backup: { to: '/health' },
}

/** The address at which a step is done. */
export function placeOf({ name, document }: Pick<FirstStep, 'name' | 'document'>): { to: string; search?: Record<string, string> } {
  const place = places[name]
  return document ? { to: `${place.to}/${document}` } : place
}

export interface Standing {
  steps: FirstStep[]
  done: number
  /** The step to take now. */
  next: FirstStep
}

/** What is to be shown of the steps: nothing once none is open, or when they are put away. */
export function standing(told: FirstSteps | undefined): Standing | null {
  const next = told?.steps.find(({ done }) => !done)
  if (!told || !next || told.put_away) return null
  return { steps: told.steps, done: told.steps.filter(({ done }) => done).length, next }
}
