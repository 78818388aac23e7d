import { isActive, type Operation } from '@/api/operations'

/** The operations to keep in sight: at work, or ended since the reader saw them at work, and not put away; the oldest first. */
export function shownInDock(operations: Operation[], seen: string[], closed: string[]): Operation[] {
  return operations.filter((one) => !closed.includes(one.id) && (isActive(one) || seen.includes(one.id))).toReversed()
}
