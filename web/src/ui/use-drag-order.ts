import { useEffect, useEffectEvent, useState, type RefCallback } from 'react'

/**
 * Lets elements of a container be put into another order by dragging: those that say `data-drag="name"`,
 * which are taken up where they also say `draggable`. Whatever it orders must have keys or buttons for it, too.
 */
export function useDragOrder<E extends HTMLElement>(onMove: (name: string, to: number) => void): RefCallback<E> {
  const [box, setBox] = useState<E | null>(null)
  const move = useEffectEvent(onMove)
  useEffect(() => {
    if (!box) return
    let dragged: HTMLElement | undefined
    const placeOf = (target: EventTarget | null) => (target instanceof Element ? (target.closest<HTMLElement>('[data-drag]') ?? undefined) : undefined)
    const begin = (event: DragEvent) => {
      dragged = placeOf(event.target)
      dragged?.setAttribute('data-dragged', '')
    }
    const over = (event: DragEvent) => {
      if (dragged && placeOf(event.target)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      const to = [...box.querySelectorAll('[data-drag]')].indexOf(placeOf(event.target) ?? box)
      if (!dragged || to < 0) return
      event.preventDefault()
      move(dragged.dataset.drag ?? '', to)
    }
    const end = () => {
      dragged?.removeAttribute('data-dragged')
      dragged = undefined
    }
    const listeners = { dragstart: begin, dragover: over, drop, dragend: end } as const
    for (const [name, listener] of Object.entries(listeners)) box.addEventListener(name, listener as EventListener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) box.removeEventListener(name, listener as EventListener)
    }
  }, [box])
  return setBox
}
