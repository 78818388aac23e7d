import { useRef, type MouseEvent, type PointerEvent } from 'react'
import type { Selection } from './selection'

/** How long a finger rests on a card to choose it, in milliseconds, and how far it may move meanwhile. */
const press = 450
const slack = 10

const recordAt = (target: EventTarget): string | undefined => (target as HTMLElement).closest<HTMLElement>('[data-record]')?.dataset.record

/** Choosing cards with a finger: a long press chooses the first; while `choosing`, each tap chooses or lets go. */
export function useCardSelection(selection: Selection, selectable: boolean, choosing: boolean) {
  const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined)
  const pressed = useRef(false)
  const release = () => clearTimeout(held.current?.timer)
  if (!selectable) return {}
  return {
    onPointerDown: (event: PointerEvent) => {
      pressed.current = false
      const id = recordAt(event.target)
      if (!id || choosing || event.pointerType === 'mouse') return
      const timer = setTimeout(() => {
        pressed.current = true
        selection.toggle(id)
      }, press)
      held.current = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (held.current && Math.hypot(clientX - held.current.x, clientY - held.current.y) > slack) release()
    },
    onPointerUp: release,
    onPointerCancel: release,
    onContextMenu: (event: MouseEvent) => event.preventDefault(),
    onClickCapture: (event: MouseEvent) => {
      const id = recordAt(event.target)
      if (!id || (!choosing && !pressed.current)) return
      event.preventDefault()
      event.stopPropagation()
      if (!pressed.current) selection.toggle(id)
      pressed.current = false
    },
  }
}
