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
await setUpLanguages()
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
