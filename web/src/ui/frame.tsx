import './tokens.css'
import { useLayoutEffect, type ReactNode } from 'react'
import { Notices } from './notices'
import { useScheme } from './scheme'

/** What every screen stands in: colours, type and the place of short notices. */
export function Frame({ children }: { children: ReactNode }) {
  const { dark } = useScheme()
  useLayoutEffect(() => {
    document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  }, [dark])
  return (
    <>
      {children}
      <Notices />
    </>
  )
}
