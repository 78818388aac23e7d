import { useCallback, useMemo, useState } from 'react'

/** Which records are chosen, by id. */
export interface Selection {
  size: number
  ids: string[]
  has: (id: string) => boolean
  toggle: (id: string) => void
  set: (ids: string[]) => void
}

/** A selection that begins anew whenever the question is another. */
export function useSelection(question: string): Selection {
  const [held, setHeld] = useState<{ question: string; ids: Set<string> }>({ question, ids: new Set() })
  const ids = useMemo(() => (held.question === question ? held.ids : new Set<string>()), [held, question])
  const set = useCallback((chosen: Iterable<string>) => setHeld({ question, ids: new Set(chosen) }), [question])
  const toggle = useCallback(
    (id: string) =>
      setHeld((before) => {
        const now = new Set(before.question === question ? before.ids : [])
        if (!now.delete(id)) now.add(id)
        return { question, ids: now }
      }),
    [question],
  )
  return { size: ids.size, ids: [...ids], has: (id) => ids.has(id), toggle, set }
}
