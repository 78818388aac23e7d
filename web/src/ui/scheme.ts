import { useSyncExternalStore } from 'react'

/** Where the choice is kept on this device. */
const kept = 'mantine-color-scheme-value'

const wish = () => matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

/** Whether it is dark: as chosen on this device, else as the device is. */
function darkNow(): boolean {
  const chosen = localStorage.getItem(kept)
  return chosen === 'dark' || (chosen !== 'light' && wish().matches)
}

function watch(listener: () => void): () => void {
  const device = wish()
  listeners.add(listener)
  device.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    device.removeEventListener('change', listener)
  }
}

/** Light or dark, and the switch between them. */
export function useScheme(): { dark: boolean; toggle: () => void } {
  const dark = useSyncExternalStore(watch, darkNow)
  const toggle = () => {
    localStorage.setItem(kept, dark ? 'light' : 'dark')
    for (const listener of listeners) listener()
  }
  return { dark, toggle }
}
