import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '@/api/call'
import { useObject } from '@/api/catalog'
import { keys } from '@/api/keys'
import type { Range } from './range-filters'
import type { FollowUpHealth, LeadHealth } from './types'

/** The figures of a range; the live stream says when to read them again. */
export function useLeadHealth({ from, to, channel }: Range) {
  const query = { from, to, channel }
  return useQuery({
    queryKey: keys.dashboard('lead-health', query),
    queryFn: () => call<LeadHealth>('GET', '/dashboards/lead-health', { query }),
    placeholderData: keepPreviousData,
  })
}

/** How leads are followed up in a range. */
export function useFollowUpHealth({ from, to }: Range) {
  const query = { from, to }
  return useQuery({
    queryKey: keys.dashboard('follow-up', query),
    queryFn: () => call<FollowUpHealth>('GET', '/dashboards/lead/follow-up', { query }),
    placeholderData: keepPreviousData,
  })
}

/** The channels that leads name as their source. */
export function useChannelChoices(): { name: string; label: string }[] {
  return useObject('lead')?.fields.find(({ name }) => name === 'source')?.choices ?? []
}
