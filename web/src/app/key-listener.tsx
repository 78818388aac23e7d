import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react'
import { learnPages } from '@/i18n/setup'
import { patience, wishOf } from './keys'
import type { Reach } from './use-commands'

const KeysOverview = lazy(async () => {
  const [{ KeysOverview: component }] = await Promise.all([import('./keys-overview'), learnPages()])
  return { default: component }
})

const typing = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu], dialog') !== null

/** Hears the keys that mean the same on every page; ? shows them. */
export function Keys({ reach }: { reach: Reach }) {
  const [shown, setShown] = useState(false)
  const navigate = useNavigate()
  const waitsSince = useRef(-Infinity)
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    const after = event.timeStamp - waitsSince.current < patience
    const wish = wishOf({ key: event.key, after, places: reach.places.map(({ to }) => to), mayCreate: reach.mayCreate })
    waitsSince.current = wish === 'waits' ? event.timeStamp : -Infinity
    if (!wish) return
    event.preventDefault()
    if (wish === 'keys') setShown(true)
    else if (wish !== 'waits') void navigate({ to: wish.go })
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  if (!shown) return null
  return (
    <Suspense>
      <KeysOverview reach={reach} onClose={() => setShown(false)} />
    </Suspense>
  )
}
