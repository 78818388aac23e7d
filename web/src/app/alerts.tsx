import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { desktopOn, readAlerts } from '@/api/alerts'
import { call } from '@/api/call'
import { useUnread } from '@/api/inbox'
import { keys } from '@/api/keys'
import { notify } from '@/ui/notify'
import { announced, badged, freshOf, type Message } from './announce'

/** How many new messages are looked at; more are only counted. */
const looked = 5

/** Announces messages that come while the app is open: in the title, as a notice, and on the desktop when chosen. */
export function Alerts() {
  const unread = useUnread()
  const client = useQueryClient()
  const seen = useRef<Set<string> | null>(null)
  const look = useEffectEvent(async () => {
    const { items } = await call<{ items: Message[] }>('GET', '/inbox', { query: { unread: '1', limit: String(looked) } })
    const fresh = freshOf(items, seen.current)
    seen.current = new Set([...(seen.current ?? []), ...items.map(({ id }) => id)])
    if (fresh.length === 0) return
    const alerts = await client.fetchQuery({ queryKey: keys.alerts, queryFn: readAlerts, staleTime: 60_000 })
    for (const message of fresh) if (announced(message, alerts)) announce(message)
  })
  useEffect(() => {
    document.title = badged(document.title, unread)
    look().catch(() => undefined) // the inbox itself says when it cannot be read
  }, [unread])
  return null
}

function announce({ id, text, object, record_id: record }: Message): void {
  if (!document.hidden || !desktopOn()) return notify(text)
  const shown = new Notification(document.title, { body: text, tag: id })
  shown.addEventListener('click', () => {
    focus()
    location.assign(object && record ? `/o/${object}/${record}` : '/inbox')
  })
}
