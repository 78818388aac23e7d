import type { AlertsView } from '@/api/alerts'

/** A message as the inbox lists it. */
export interface Message {
  id: string
  kind: string
  at: string
  urgent: boolean
  text: string
  object?: string
  record_id?: string
}

/** Of a device's first look nothing is announced: it only learns what is there. */
export function freshOf(messages: Message[], seen: ReadonlySet<string> | null): Message[] {
  return seen === null ? [] : messages.filter(({ id }) => !seen.has(id)).toReversed()
}

/** Whether a message is announced by this person's choice, and at this time. */
export function announced({ kind, urgent }: Message, { kinds, off, quiet, working }: AlertsView): boolean {
  const name = kinds.includes(kind) ? kind : 'other'
  if (off.includes(name)) return false
  return urgent || working || !quiet
}

/** The page's title with the number of unread messages before it. */
export function badged(title: string, unread: number): string {
  const bare = title.replace(/^\(\d+\+?\) /, '')
  if (unread === 0) return bare
  return `(${unread > 99 ? '99+' : unread}) ${bare}`
}
