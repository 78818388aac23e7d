import type { Kept, SearchGroup, SearchHit } from '@/api/search'
import { matching, type Command } from './commands'

/** One line of the palette. */
export type Line = { id: string; hit: SearchHit } | { id: string; kept: Kept; pinned: boolean } | { id: string; command: Command } | { id: string; all: string }

/** Lines under one heading; the name of a heading, or a label in words. */
export interface Part {
  id: string
  label?: string
  lines: Line[]
}

interface Sources {
  typed: string
  groups: SearchGroup[]
  pins: Kept[]
  recent: Kept[]
  commands: Command[]
}

/** How many commands stand before anything is typed. */
const commandsAtRest = 6
const recentAtRest = 7

/** What the palette shows: what is at hand before anything is typed, then what was found. */
export function partsOf({ typed, groups, pins, recent, commands }: Sources): Part[] {
  const words = typed.trim()
  const parts: Part[] = words === '' ? atHand(pins, recent, commands) : found(words, groups, commands)
  return parts.filter(({ lines }) => lines.length > 0)
}

function atHand(pins: Kept[], recent: Kept[], commands: Command[]): Part[] {
  const pinned = new Set(pins.map(({ id }) => id))
  return [
    { id: 'pinned', lines: pins.map((kept) => ({ id: kept.id, kept, pinned: true })) },
    { id: 'recent', lines: recent.filter(({ id }) => !pinned.has(id)).slice(0, recentAtRest).map((kept) => ({ id: kept.id, kept, pinned: false })) },
    { id: 'commands', lines: commands.slice(0, commandsAtRest).map((command) => ({ id: `command-${command.id}`, command })) },
  ]
}

function found(words: string, groups: SearchGroup[], commands: Command[]): Part[] {
  const all: Line[] = groups.length > 0 ? [{ id: 'all', all: words }] : []
  return [
    ...groups.map(({ object, label, items }) => ({ id: object, label, lines: items.map((hit) => ({ id: hit.id, hit })) })),
    { id: 'all', lines: all },
    { id: 'commands', lines: matching(commands, words).map((command) => ({ id: `command-${command.id}`, command })) },
  ]
}
