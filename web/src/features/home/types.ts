/** A record that waits, with the last thing that was said of it. */
export interface HomeItem {
  record: { id: string } & Record<string, unknown>
  due_at?: string
  overdue_minutes?: number
  last: { at: string; text: string } | null
}

/** One list of the home page with the filter that opens it whole. */
export interface HomeSection {
  name: string
  count: number
  count_more?: boolean
  filter: string
  sort?: string
  items: HomeItem[]
}

/** What waits with one person. */
export interface Waiting {
  user: { id: string; label?: string } | null
  overdue: number
  unclaimed: number
  open: number
  filter: string
}

/** The home page of a role; `object` is what its lists hold. */
export interface Home {
  kind: string
  object?: string
  sections: HomeSection[]
  by_person?: Waiting[]
}
