import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { watchPresence } from '@/api/presence'
import { setUpLanguages } from '@/i18n/setup'
import { Frame } from '@/ui/frame'
import { makeQueryClient } from './query-client'
import { router } from './router'

watchPresence()
try {
  await setUpLanguages()
} catch (error) {
  // Without a catalogue there is no text but that of the page itself.
  document.getElementById('unloaded')?.removeAttribute('hidden')
  throw error
}
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Frame>
      <QueryClientProvider client={makeQueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Frame>
  </StrictMode>,
)
