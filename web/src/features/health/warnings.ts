import type { Warning } from './types'

/** The page that mends a warning, the right that opens it, and what its link says. */
interface Remedy {
  to: '/channels'
  right: string
  text: string
}

const remedies = new Map<string, Remedy>([['failed_deliveries', { to: '/channels', right: 'deliveries.read', text: 'toChannels' }]])

/** Where a warning is mended; undefined when no page does, or the reader may not open it. */
export function remedyOf({ code }: Warning, rights: string[]): Remedy | undefined {
  const remedy = remedies.get(code)
  return remedy && rights.includes(remedy.right) ? remedy : undefined
}

/** Warnings that read alike once only: two calendars may lack the same year. */
export const distinct = (warnings: Warning[]): Warning[] => [...new Map(warnings.map((warning) => [warning.text, warning])).values()]
