import { useEffect, useRef, type RefObject } from 'react'

/** Where the focus goes once the page shows a change that takes its place away. */
export function useFocusNext<T extends HTMLElement>(): { box: RefObject<T | null>; focusNext: (find: (box: T) => HTMLElement | null | undefined) => void } {
  const box = useRef<T>(null)
  const next = useRef<((box: T) => HTMLElement | null | undefined) | null>(null)
  useEffect(() => {
    if (!next.current || !box.current) return
    next.current(box.current)?.focus()
    next.current = null
  })
  return {
    box,
    focusNext: (find) => {
      next.current = find
    },
  }
}
