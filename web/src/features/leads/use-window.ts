import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Rows kept ready above and below what is seen. */
const spare = 8

interface Seen {
  first: number
  count: number
}

/** Which of `count` rows of one height a scrolling box needs: from `start` up to, not including, `end`. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): { start: number; end: number } {
  const [seen, setSeen] = useState<Seen>({ first: 0, count: 30 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      const now = { first: Math.floor(element.scrollTop / rowHeight), count: Math.ceil(element.clientHeight / rowHeight) }
      setSeen((before) => (before.first === now.first && before.count === now.count ? before : now))
    }
    measure()
    element.addEventListener('scroll', measure, { passive: true })
    const size = new ResizeObserver(measure)
    size.observe(element)
    return () => {
      element.removeEventListener('scroll', measure)
      size.disconnect()
    }
  }, [box, rowHeight])
  const start = Math.max(0, Math.min(seen.first, count) - spare)
  return { start, end: Math.min(count, seen.first + seen.count + spare) }
}

/** Keeps the same rows before the eye when a live change adds or takes some above them. */
export function useSteadyRows(box: RefObject<HTMLElement | null>, rows: { id: string }[], rowHeight: number): void {
  const before = useRef(rows)
  useLayoutEffect(() => {
    const element = box.current
    const old = before.current
    before.current = rows
    if (!element || old === rows || element.scrollTop === 0) return
    const first = Math.floor(element.scrollTop / rowHeight)
    const at = rows.findIndex(({ id }) => id === old[first]?.id)
    if (at >= 0 && at !== first) element.scrollBy({ top: (at - first) * rowHeight, behavior: 'instant' })
  }, [box, rows, rowHeight])
}

/** Asks for more once the last rows come near. */
export function useMoreNear(end: number, count: number, more: boolean, loadMore: () => void): void {
  const load = useEffectEvent(loadMore)
  const near = more && end >= count - 2 * spare
  useEffect(() => {
    if (near) load()
  }, [near, count])
}
