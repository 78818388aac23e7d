import { useSyncExternalStore } from 'react'

const narrow = '(width < 48em)'

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(narrow)
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether the screen is a phone's, where a table has no room. */
export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(narrow).matches)
