import { useEffect, useEffectEvent, useState, type RefObject } from 'react'
import type { AgendaItem } from './queries'

const kind = 'application/x-clew-agenda'

/** Takes a thing to do on its way. */
export const take = (data: DataTransfer, item: AgendaItem): void => data.setData(kind, JSON.stringify(item))

/** Lets things be dropped on an element; tells whether one hangs over it. */
export function useDrop(place: RefObject<HTMLElement | null>, onDrop: (item: AgendaItem) => void): boolean {
  const [over, setOver] = useState(false)
  const dropped = useEffectEvent((text: string) => {
    if (text) onDrop(JSON.parse(text) as AgendaItem)
  })
  useEffect(() => {
    const element = place.current
    if (!element) return
    const stop = new AbortController()
    const listen = (name: 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) => element.addEventListener(name, act, { signal: stop.signal })
    listen('dragover', (event) => {
      event.preventDefault()
      setOver(true)
    })
    listen('dragleave', () => setOver(false))
    listen('drop', (event) => {
      event.preventDefault()
      setOver(false)
      dropped(event.dataTransfer?.getData(kind) ?? '')
    })
    return () => stop.abort()
  }, [place])
  return over
}
