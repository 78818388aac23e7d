import { useEffect, useState } from 'react'

/** A value once it has rested; while a word is being composed the last one stays. */
export function useRested(value: string, rest: number, composing = false): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    if (composing) return
    const timer = setTimeout(() => setRested(value), rest)
    return () => clearTimeout(timer)
  }, [value, rest, composing])
  return rested
}
