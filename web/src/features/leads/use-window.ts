import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { Places } from './places'

/** Rows kept ready above and below what is seen. */
const spare = 8

interface Seen {
  first: number
  count: number
}

/** Which of `count` rows a scrolling box needs: from `start` up to, not including, `end`. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, places: Places): { start: number; end: number } {
  const [seen, setSeen] = useState<Seen>({ first: 0, count: 30 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => {
      const first = places.at(element.scrollTop)
      const now = { first, count: places.at(element.scrollTop + element.clientHeight) - first + 1 }
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
  }, [box, places])
  const start = Math.max(0, Math.min(seen.first, count) - spare)
  return { start, end: Math.min(count, seen.first + seen.count + spare) }
}

/** Keeps the same rows before the eye when a live change adds or takes some above them. */
export function useSteadyRows(box: RefObject<HTMLElement | null>, rows: { id: string }[], places: Places): void {
  const before = useRef({ rows, places })
  useLayoutEffect(() => {
    const element = box.current
    const old = before.current
    before.current = { rows, places }
    if (!element || old.rows === rows || element.scrollTop === 0) return
    const first = old.places.at(element.scrollTop)
    const at = rows.findIndex(({ id }) => id === old.rows[first]?.id)
    const by = places.top(at) - old.places.top(first)
    if (at >= 0 && by !== 0) element.scrollBy({ top: by, behavior: 'instant' })
  }, [box, rows, places])
}

/** Asks for more once the last rows come near. */
export function useMoreNear(end: number, count: number, more: boolean, loadMore: () => void): void {
  const load = useEffectEvent(loadMore)
  const near = more && end >= count - 2 * spare
  useEffect(() => {
    if (near) load()
  }, [near, count])
}
