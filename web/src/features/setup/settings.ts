import { HeartPulse, ListChecks, type LucideIcon, Radio, ScrollText, ShieldCheck, Users } from 'lucide-react'

/** A page of settings that is no document: who may open it, and where it is. */
export interface Setting {
  name: 'people' | 'security' | 'channels' | 'operations' | 'audit' | 'health'
  right: string
  to: string
  icon: LucideIcon
}

const settings: Setting[] = [
  { name: 'people', right: 'users.read', to: '/people', icon: Users },
  { name: 'security', right: 'security.write', to: '/security', icon: ShieldCheck },
  { name: 'channels', right: 'deliveries.read', to: '/channels', icon: Radio },
  { name: 'operations', right: 'records.bulk', to: '/operations', icon: ListChecks },
  { name: 'audit', right: 'audit.read', to: '/audit', icon: ScrollText },
  { name: 'health', right: 'health.read', to: '/health', icon: HeartPulse },
]

/** The pages that the reader may open. */
export const settingsFor = (rights: string[]): Setting[] => settings.filter(({ right }) => rights.includes(right))
