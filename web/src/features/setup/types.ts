import type { FieldFault } from '@/api/call'
import type { Label } from './shape'

/** A document as the index knows it. */
export interface Listed {
  name: string
  id: string
  label: string
  labels?: Label
  /** The object that it is about. */
  object?: string
  version: number
  /** Whether the draft holds another version of it. */
  draft?: boolean
  /** The labels of an object's fields. */
  items?: string[]
}

export interface Kind {
  kind: string
  label: string
  items: Listed[]
}

export interface Draft {
  id: string
  label: string
  base: number
  at: string
  by: { id: string; label?: string } | null
  published?: number
  documents?: { kind: string; name: string; id: string; removed?: boolean; outdated?: boolean }[]
}

/** What happens to one document. */
export interface Difference {
  kind: string
  kind_label: string
  name: string
  label: string
  change: 'added' | 'changed' | 'removed'
  words: string[]
  warnings?: string[]
}

/** How many records a difference touches, in a sentence; a filter, or some of them, where they can be shown. */
export interface Effect {
  kind: string
  name: string
  text: string
  count: number
  object?: string
  filter?: string
  sample?: { id: string; label?: string }[]
}

export interface Fault extends FieldFault {
  line?: number
  column?: number
}

export interface Checked {
  errors: Fault[]
  others: Fault[]
  changes: string[]
}

export interface Version {
  version: number
  at: string
  by: { id: string; label?: string } | null
  label: string
  restored_from?: number
  changes: number
}

export interface Usage {
  kind: string
  kind_label: string
  name: string
  label: string
  places: string[]
}
