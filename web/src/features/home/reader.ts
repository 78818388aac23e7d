import { createContext, use } from 'react'

/** What every line of a home needs to know of its reader, asked for once. */
export interface Reader {
  now: Date
  zone: string
  /** Whether numbers are dialled; the demo company calls nobody. */
  dials: boolean
}

export const ReaderContext = createContext<Reader>({ now: new Date(0), zone: 'UTC', dials: false })

export const useReader = (): Reader => use(ReaderContext)
