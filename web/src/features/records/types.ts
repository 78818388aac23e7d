import type { FieldShape } from '@/fields/field-value'

/** Somebody or something named; the label is absent where the reader may not see it. */
export interface Named {
  id: string
  label?: string
}

/** A record as the API gives it: one flat object of API names. */
export type FlatRecord = { id: string; created_at: string; updated_at: string } & Record<string, unknown>

export interface Clock {
  id: string
  name: string
  label: string
  state: 'running' | 'fired' | 'satisfied' | 'cancelled'
  started_at: string
  /** Absent once the clock has no further stage. */
  due_at?: string
  /** Whether it was not met in time. */
  late?: boolean
  stage?: string | number
  told?: Named[]
}

export interface OwnerReason {
  table: string
  version: number
  row: string
  row_label?: string
  condition: string
  /** The row is another now, or gone. */
  row_changed?: boolean
  pool?: string
  candidates: { user: Named; load: number; capacity?: number; eligible: boolean; reason?: string }[]
  chosen: Named | string | null
  strategy?: string
  text: string
}

export interface ScoreReason {
  total: number | string
  stars: number | string
  card: string
  version: number
  contributions: { rule: string; label: string; points: number | string; text?: string }[]
  text: string
}

export interface Why {
  owner: OwnerReason | null
  score: ScoreReason | null
}

export interface RelatedGroup {
  object: string
  label: string
  /** One such record, in words. */
  name: string
  /** The reference by which they point here. */
  field: string
  can_create: boolean
  columns: string[]
  records: ({ id: string; label?: string } & Record<string, unknown>)[]
  count: number
  more: boolean
  /** Opens the whole list; empty where there is none. */
  filter: string
  sum?: string
  sums?: unknown[]
  done?: unknown[]
  left?: { amount: string; currency: string } | null
}

/** A record of a conversion; without id where the reader may not see it. */
export interface ConvertedRecord {
  object: string
  name: string
  id?: string
  label?: string
  created: boolean
}

/** What a conversion would do, or what it did. */
export interface ConversionPlan {
  label: string
  state: 'ready' | 'converted' | 'closed' | 'forbidden'
  targets: ConversionStep[]
  records?: ConvertedRecord[]
}

export interface ConversionStep {
  object: string
  label: string
  action: 'create' | 'reuse' | 'skip'
  known?: Named
  offers: Named[]
  hidden: boolean
  optional: boolean
  fields: Record<string, unknown>
  ask: string[]
}

/** A record with the version it was read at, as `If-Match` takes it. */
export interface StoredRecord {
  record: FlatRecord
  etag: string
}

/** An object as this reader may know it; hidden fields are not there. */
export interface ObjectShape {
  name: string
  label: string
  title_field: string
  can: { create: boolean; read: boolean; update: boolean; delete: boolean }
  fields: FieldShape[]
  forms: { name: string; label: string; fields: { name: string; required?: boolean }[] }[]
  page?: { sections: { label: string; fields: string[] }[] }
  converts?: boolean
  /** The choice field whose history is kept. */
  stage_field?: string
}
