import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { useScheme } from './scheme'
import { resolver, theme } from './theme'

/** What Mantine's components need around them; only what is made of them brings it, so that the first screen does without. */
export function Library({ children }: { children: ReactNode }) {
  const { dark } = useScheme()
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} forceColorScheme={dark ? 'dark' : 'light'}>
      {children}
    </MantineProvider>
  )
}
