import { stacksOf, type Stack } from './day-stacks'
import type { FollowUpDay } from './types'

/** How a follow-up stood to the promise before it, in the order of the stack. */
export const standings = ['kept', 'late', 'free'] as const

/** The days as stacks of follow-ups in time, late, and without a promise before them. */
export function promiseStacks(days: FollowUpDay[]): Stack[] {
  const figures = days.flatMap(({ day, done, kept, late, filter }) =>
    Object.entries({ kept, late, free: done - kept - late }).map(([channel, leads]) => ({ day, channel, leads, filter })),
  )
  return stacksOf(figures, [...standings])
}
