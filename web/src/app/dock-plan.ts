import { isActive, type Operation } from '@/api/operations'

/** Those that ended before the reader came: known from the first answer on, until somebody lets one go on. */
export function pastOf(operations: Operation[], before: string[] | undefined): string[] {
  const ended = operations.filter((one) => !isActive(one)).map(({ id }) => id)
  return before?.filter((id) => ended.includes(id)) ?? ended
}

/**
 * The operations to keep in sight: at work, or ended while the reader was here, and not put away; the oldest first.
 * A fast one may end before anybody sees it at work.
 */
export function shownInDock(operations: Operation[], past: string[], closed: string[]): Operation[] {
  return operations.filter(({ id }) => !closed.includes(id) && !past.includes(id)).toReversed()
}
