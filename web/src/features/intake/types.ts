/** What became of a delivery. */
export type DeliveryStatus = 'accepted' | 'touched' | 'failed' | 'rejected'

export const deliveryStatuses: DeliveryStatus[] = ['accepted', 'touched', 'failed', 'rejected']

/** A way leads come in, with the counts of 30 days. */
export interface Channel {
  name: string
  label: string
  kind: 'signed' | 'bearer' | 'form'
  url: string
  object: string
  has_secret: boolean
  received: number
  accepted: number
  touched: number
  duplicates: number
  failed: number
  rejected: number
  /** Requests without a valid signature. */
  unsigned?: number
  delay_p50_seconds?: number | null
  last_at?: string | null
}

export interface FieldError {
  path: string
  code: string
  message: string
}

export interface Delivery {
  id: string
  at: string
  status: DeliveryStatus
  external_id?: string
  record?: { object: string; id: string; label?: string }
  delay_seconds?: number
  repeats: number
  errors?: FieldError[]
  preview?: string
}

/** A delivery with what was sent and what the mapping made of it. */
export interface DeliveryDetail extends Delivery {
  headers?: Record<string, string>
  body?: string
  mapped?: Record<string, unknown>
}

/** What one replay came to. */
export interface ReplayResult {
  status: DeliveryStatus
  /** The id of the record. */
  record?: string
  errors?: FieldError[]
}
