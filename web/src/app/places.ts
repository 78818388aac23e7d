import { CalendarDays, ChartColumn, FolderKanban, Handshake, HeartPulse, House, Inbox, ListChecks, ListTodo, type LucideIcon, Radio, ReceiptText, Settings2, Building2, Table2, TicketCheck, Users, UserRound, Wallet, ScrollText, ShieldCheck } from 'lucide-react'
import type { CatalogObject } from '@/api/catalog'

/** One entry of the menu. `text` names a text of the catalogue, `label` is one already in words. */
export interface Place {
  to: string
  /** The addresses at which the entry counts as chosen, where they are more than `to`. */
  under?: string
  icon: LucideIcon
  text?: string
  label?: string
}

const objectIcons: Record<string, LucideIcon> = {
  lead: Handshake,
  contact: UserRound,
  company: Building2,
  project: FolderKanban,
  task: ListTodo,
  contract: ReceiptText,
  payment: Wallet,
  ticket: TicketCheck,
}

/** Objects read on other objects' pages rather than in lists of their own. */
const inside = ['interaction']

/** The address of an object's list. */
export const listOf = (object: string) => (object === 'lead' ? '/leads' : `/o/${object}`)

/** The lists of what the reader may see; the known objects first, in the order of work. */
export function objectPlaces(objects: Pick<CatalogObject, 'name' | 'plural' | 'can'>[]): Place[] {
  const order = Object.keys(objectIcons)
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return objects
    .filter(({ name, can }) => can.read && !inside.includes(name))
    .toSorted((a, b) => rank(a.name) - rank(b.name))
    .map(({ name, plural }) => ({ to: listOf(name), icon: objectIcons[name] ?? Table2, label: plural }))
}

export const homePlace: Place = { to: '/home', icon: House, text: 'home' }

/** What is to be done, as a list and on its days. */
export const dayPlaces: Place[] = [
  { to: '/tasks', icon: ListChecks, text: 'tasks' },
  { to: '/calendar', icon: CalendarDays, text: 'calendar' },
]

interface Guarded {
  right: string
  place: Place
}

const guarded: Guarded[] = [
  { right: 'dashboard.read', place: { to: '/dash/lead-health', under: '/dash', icon: ChartColumn, text: 'dashboard' } },
  { right: 'records.bulk', place: { to: '/operations', icon: ListChecks, text: 'operations' } },
  { right: 'users.read', place: { to: '/people', icon: Users, text: 'people' } },
]

const settings: Guarded[] = [
  { right: 'config.write', place: { to: '/setup', icon: Settings2, text: 'setup' } },
  { right: 'deliveries.read', place: { to: '/channels', icon: Radio, text: 'channels' } },
  { right: 'security.write', place: { to: '/security', icon: ShieldCheck, text: 'security' } },
  { right: 'audit.read', place: { to: '/audit', icon: ScrollText, text: 'audit' } },
  { right: 'health.read', place: { to: '/health', icon: HeartPulse, text: 'health' } },
]

/** The places beside the lists, by the reader's rights. */
export function otherPlaces(rights: string[]): Place[] {
  const inbox: Place = { to: '/inbox', icon: Inbox, text: 'inbox' }
  return [inbox, ...granted(guarded, rights)]
}

/** The places of who looks after the system, by the reader's rights. */
export const settingsPlaces = (rights: string[]): Place[] => granted(settings, rights)

const granted = (places: Guarded[], rights: string[]) => places.filter(({ right }) => rights.includes(right)).map(({ place }) => place)
