import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { placeOf, same, withValue, type Body, type Path } from './document'
import { keep, kept } from './kept-text'
import type { Held } from './queries'
import type { Checked } from './types'

interface State {
  body: Body
  /** What was saved last, and what the next write has to quote. */
  saved: Body
  tag: string
  past: Body[]
  /** Where and when the last change was, so that one word is one step of undo. */
  last: { place: string; at: number }
}

const pause = 800
const stepsKept = 100

export interface Editing {
  body: Body
  tag: string
  dirty: boolean
  /** Whether unsaved text of an earlier visit was found, and whether the document was written by somebody since. */
  restored: 'no' | 'yes' | 'outdated'
  canUndo: boolean
  change: (path: Path, value: unknown) => void
  replace: (body: Body) => void
  undo: () => void
  saved: (held: Held) => void
  revert: () => void
}

/** The document as it is being written: every change can be undone and is kept on this device until it is saved. */
export function useEditor(document: string, initial: Held): Editing {
  const [found] = useState(() => {
    const text = kept(document)
    return text && !same(text.body, initial.body) ? text : null
  })
  const [state, setState] = useState<State>(() => ({ body: found?.body ?? initial.body, saved: initial.body, tag: initial.tag, past: found ? [initial.body] : [], last: { place: '', at: 0 } }))
  const dirty = !same(state.body, state.saved)
  useEffect(() => keep(document, dirty ? { body: state.body, tag: state.tag } : null), [document, dirty, state.body, state.tag])
  const put = (next: (body: Body) => Body, place: string) =>
    setState((now) => {
      const at = Date.now()
      const sameWord = place !== '' && place === now.last.place && at - now.last.at < pause
      return { ...now, body: next(now.body), past: sameWord ? now.past : [...now.past.slice(-stepsKept), now.body], last: { place, at } }
    })
  return {
    body: state.body,
    tag: state.tag,
    dirty,
    restored: !found ? 'no' : found.tag === initial.tag ? 'yes' : 'outdated',
    canUndo: state.past.length > 0,
    change: (path, value) => put((body) => withValue(body, path, value), placeOf(path)),
    replace: (next) => put(() => next, ''),
    undo: () => setState((now) => (now.past.length === 0 ? now : { ...now, body: now.past[now.past.length - 1], past: now.past.slice(0, -1), last: { place: '', at: 0 } })),
    saved: (held) => setState((now) => ({ ...now, body: held.body, saved: held.body, tag: held.tag })),
    revert: () => {
      // At once: whoever takes what is live instead loads it anew, and would find this text again.
      keep(document, null)
      setState((now) => ({ ...now, body: now.saved, past: [...now.past, now.body] }))
    },
  }
}

/** A value that has not changed for a while. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

/** How long nobody types before the server is asked, in milliseconds. */
const checkAfter = 350

/** What the server says of the document as it is being written. */
export function useCheck(kind: string, name: string, body: Body, draft: string | undefined): Checked | undefined {
  const settled = useSettled(body, checkAfter)
  const { data } = useQuery({
    queryKey: [...keys.setup, 'check', kind, name, draft, settled],
    queryFn: () => call<Checked>('POST', '/config/check', { query: { draft: draft ?? '' }, body: { kind, name, body: settled } }),
    placeholderData: (before) => before,
    gcTime: 0,
    retry: false,
  })
  return data
}
