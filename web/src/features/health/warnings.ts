import type { Warning } from './types'

/** The page that mends a warning, the right that opens it, and what its link says. */
interface Remedy {
  to: '/channels' | '/setup/robot' | '/setup/calendar'
  right: string
  text: string
}

const channels: Remedy = { to: '/channels', right: 'deliveries.read', text: 'toChannels' }
const robots: Remedy = { to: '/setup/robot', right: 'config.read', text: 'toRobots' }
const remedies = new Map<string, Remedy>([
  ['failed_deliveries', channels],
  ['key_wrong', channels],
  ['robot_no_secret', robots],
  ['dead_messages', robots],
  ['calendar_missing', { to: '/setup/calendar', right: 'config.read', text: 'toCalendars' }],
])

/** Where a warning is mended; undefined when no page does, or the reader may not open it. */
export function remedyOf({ code }: Pick<Warning, 'code'>, rights: string[]): Remedy | undefined {
  const remedy = remedies.get(code)
  return remedy && rights.includes(remedy.right) ? remedy : undefined
}

/** What is worse comes first; warnings that read alike come once: two calendars may lack the same year. */
export function arranged(warnings: Warning[]): Warning[] {
  const once = [...new Map(warnings.map((warning) => [warning.text, warning])).values()]
  return once.toSorted((a, b) => Number(b.state === 'bad') - Number(a.state === 'bad'))
}
