import { createContext, use } from 'react'
import type { Body, Caller, Path } from './document'
import type { Fault } from './types'

/** What every part of the editor works with. */
export interface EditorWork {
  language: string
  kind: string
  name: string
  body: Body
  faults: Fault[]
  change: (path: Path, value: unknown) => void
  call: Caller
}

const Context = createContext<EditorWork | null>(null)

export const EditorProvider = Context.Provider

/** The document that is being edited. */
export function useEditorWork(): EditorWork {
  const work = use(Context)
  if (!work) throw new Error('outside of an editor')
  return work
}
