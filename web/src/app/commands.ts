import { Languages, LogOut, MessagesSquare, Moon, Plus, Sun, UserRound, type LucideIcon } from 'lucide-react'
import type { Place } from './places'

/** Something that can be done from anywhere; the palette lists them. */
export interface Command {
  id: string
  label: string
  icon: LucideIcon
  /** An address within the app; one outside of it has `href`. */
  to?: string
  href?: string
  run?: () => void
}

/** What the commands need to know and do. */
export interface Desk {
  places: Place[]
  mayCreate: boolean
  demo: boolean
  dark: boolean
  t: (key: string) => string
  toggleScheme: () => void
  otherLanguage: { label: string; speak: () => void }
  logOut: () => void
}

/** All commands, the places of the menu first. */
export function commandsOf({ places, mayCreate, demo, dark, t, toggleScheme, otherLanguage, logOut }: Desk): Command[] {
  const create: Command[] = mayCreate ? [{ id: 'new', label: t('newLead'), icon: Plus, to: '/leads/new' }] : []
  const groups: Command[] = demo ? [{ id: 'sandbox', label: t('sandbox'), icon: MessagesSquare, href: '/sandbox/' }] : []
  return [
    ...create,
    ...places.map(({ to, icon, text, label }) => ({ id: to, label: text ? t(text) : (label ?? to), icon, to })),
    { id: 'me', label: t('me'), icon: UserRound, to: '/me' },
    ...groups,
    { id: 'scheme', label: t(dark ? 'toLight' : 'toDark'), icon: dark ? Sun : Moon, run: toggleScheme },
    { id: 'language', label: otherLanguage.label, icon: Languages, run: otherLanguage.speak },
    { id: 'logOut', label: t('logOut'), icon: LogOut, run: logOut },
  ]
}

/** The commands whose label holds what was typed, upper or lower case. */
export function matching(commands: Command[], typed: string): Command[] {
  const wanted = typed.trim().toLocaleLowerCase()
  return commands.filter(({ label }) => label.toLocaleLowerCase().includes(wanted))
}
