import { useEffect, useEffectEvent, useState, type RefCallback } from 'react'
import { beganAt, edgePush, type Point } from './drag-path'

/** What happens while a card is carried. */
export interface CardDrag {
  /** Whether cards may be taken up at all. */
  enabled: boolean
  onLift: (id: string) => void
  onOver: (choice: string | null) => void
  /** Without a choice when the card was let go elsewhere, or Escape was pressed. */
  onDrop: (id: string, from: string, to: string | null) => void
}

/**
 * Lets cards (`data-card` with `data-from`) be carried to places (`data-choice`) inside the element that takes the
 * ref: by mouse once it has moved a little, by finger after a long press, so that a swipe still scrolls. Whoever uses
 * it has a menu beside it for the keyboard.
 */
export function useCardDrag<E extends HTMLElement>(drag: CardDrag): RefCallback<E> {
  const [box, setBox] = useState<E | null>(null)
  const lift = useEffectEvent((id: string) => drag.onLift(id))
  const over = useEffectEvent((choice: string | null) => drag.onOver(choice))
  const drop = useEffectEvent((id: string, from: string, to: string | null) => drag.onDrop(id, from, to))
  const { enabled } = drag
  useEffect(() => (box && enabled ? listen(box, lift, over, drop) : undefined), [box, enabled])
  return setBox
}

/** How long a finger rests on a card before it is lifted, in milliseconds. */
export const longPress = 350

interface Carried {
  pointer: number
  card: HTMLElement
  start: Point
  at: Point
  touch: boolean
  timer?: ReturnType<typeof setTimeout>
  ghost?: HTMLElement
  over: string | null
}

type Lift = (id: string) => void
type Over = (choice: string | null) => void
type Drop = (id: string, from: string, to: string | null) => void

function listen(box: HTMLElement, lift: Lift, over: Over, drop: Drop): () => void {
  let carried: Carried | undefined
  let frame = 0
  const begin = () => {
    if (!carried) return
    carried.ghost = ghostOf(carried.card, carried.start)
    carried.card.dataset.lifted = ''
    box.dataset.carrying = ''
    lift(carried.card.dataset.card ?? '')
    follow()
  }
  const follow = () => {
    if (!carried?.ghost) return
    const { at, start, ghost } = carried
    ghost.style.translate = `${at.x - start.x}px ${at.y - start.y}px`
    const strip = carried.card.closest<HTMLElement>('[data-strip]')
    strip?.scrollBy(edgePush(at.x, strip.getBoundingClientRect()), 0)
    const now = placeAt(box, at)
    if (now !== carried.over) over((carried.over = now))
    frame = requestAnimationFrame(follow)
  }
  const end = (dropped: boolean) => {
    if (!carried) return
    const { card, ghost, timer, over: to } = carried
    carried = undefined
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    delete card.dataset.lifted
    delete box.dataset.carrying
    if (!ghost) return
    ghost.remove()
    over(null)
    drop(card.dataset.card ?? '', card.dataset.from ?? '', dropped ? to : null)
  }
  const down = (event: PointerEvent) => {
    const target = event.target as HTMLElement
    const card = target.closest<HTMLElement>('[data-card]')
    if (!card || event.button !== 0 || !event.isPrimary || target.closest('button, [role=menu]')) return
    end(false)
    const at = { x: event.clientX, y: event.clientY }
    carried = { pointer: event.pointerId, card, start: at, at, touch: event.pointerType === 'touch', over: null }
    if (carried.touch) carried.timer = setTimeout(begin, longPress)
  }
  const move = (event: PointerEvent) => {
    if (carried?.pointer !== event.pointerId) return
    carried.at = { x: event.clientX, y: event.clientY }
    if (carried.ghost || !beganAt(carried.start, carried.at)) return
    if (carried.touch) end(false)
    else begin()
  }
  const up = (event: PointerEvent) => {
    if (carried?.pointer !== event.pointerId) return
    if (carried.ghost) swallowClick()
    end(true)
  }
  const cancel = () => end(false)
  const escape = (event: KeyboardEvent) => event.key === 'Escape' && cancel()
  // A finger that carries a card does not scroll; a browser asks for that before the touch begins to move.
  const hold = (event: Event) => carried?.ghost && event.cancelable && event.preventDefault()
  const still = (event: Event) => carried && event.preventDefault()
  box.addEventListener('pointerdown', down)
  box.addEventListener('touchmove', hold, { passive: false })
  box.addEventListener('contextmenu', still)
  box.addEventListener('dragstart', still)
  window.addEventListener('pointermove', move)
  window.addEventListener('pointerup', up)
  window.addEventListener('pointercancel', cancel)
  window.addEventListener('keydown', escape)
  return () => {
    end(false)
    box.removeEventListener('pointerdown', down)
    box.removeEventListener('touchmove', hold)
    box.removeEventListener('contextmenu', still)
    box.removeEventListener('dragstart', still)
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', up)
    window.removeEventListener('pointercancel', cancel)
    window.removeEventListener('keydown', escape)
  }
}

/** The choice under a point, null for none. */
function placeAt(box: HTMLElement, { x, y }: Point): string | null {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-choice]')
  return place && box.contains(place) ? (place.dataset.choice ?? null) : null
}

/** A picture of the card that lies over everything and is in nobody's way. */
function ghostOf(card: HTMLElement, at: Point): HTMLElement {
  const { left, top, width } = card.getBoundingClientRect()
  const ghost = card.cloneNode(true) as HTMLElement
  ghost.removeAttribute('data-card')
  ghost.setAttribute('aria-hidden', 'true')
  ghost.inert = true
  Object.assign(ghost.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px`, zIndex: '30', pointerEvents: 'none', rotate: '1.5deg', transformOrigin: `${at.x - left}px ${at.y - top}px`, boxShadow: '0 8px 24px rgb(0 0 0 / 25%)' })
  document.body.append(ghost)
  return ghost
}

/** Letting a card go over a link is no click. */
function swallowClick(): void {
  const stop = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0)
}
