import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, render, waitFor } from '@testing-library/react'
import userEvent, { PointerEventsCheckLevel } from '@testing-library/user-event'
import i18next from 'i18next'
import type { ReactNode } from 'react'
import { onTestFinished } from 'vitest'
import { keepToken } from '@/api/call'
import { keys } from '@/api/keys'
import { readSearch, writeSearch } from '@/app/search-text'
import { learnPages, setUpLanguages, speak, type Language } from '@/i18n/setup'
import { Frame } from '@/ui/frame'
import { dismiss, noticesNow } from '@/ui/notify'
import { beOnPhone } from './browser'
import { leadObject, sessionOf } from './company'
import { openEdge, type Edge, type Routes } from './edge'

interface Scene {
  /** The address at which the page stands. */
  at?: string
  /** The path of its route, where it reads parts of the address. */
  path?: string
  language?: Language
  routes?: Routes
  phone?: boolean
}

/** A page before a person, and the server behind it. */
export interface Shown {
  edge: Edge
  user: ReturnType<typeof userEvent.setup>
  client: QueryClient
  /** The present address within the app. */
  address: () => string
}

/** The real catalogues, in one of the languages. */
async function speakFor(language: Language): Promise<void> {
  if (!i18next.isInitialized) await setUpLanguages()
  await speak(language)
  await learnPages()
}

function forget(): void {
  cleanup()
  for (const { id } of noticesNow()) dismiss(id)
  sessionStorage.clear()
  localStorage.clear()
  keepToken('')
  beOnPhone(false)
  document.title = ''
}

/** Nothing of the app stands before anybody's eyes until it knows who is logged in. */
function signIn(client: QueryClient, session: unknown): void {
  if (typeof session !== 'object' || session === null || !('user' in session)) return
  keepToken((session as { csrf?: string }).csrf)
  client.setQueryData(keys.session, { ...session, at: Date.now() })
}

/** Shows a part of the app where it stands in the real one: in its frame, with texts, addresses and a server that answers from a table. */
export async function show(part: ReactNode, { at = '/', path = '$', language = 'en', routes = {}, phone = false }: Scene = {}): Promise<Shown> {
  const edge = openEdge({ 'GET /session': sessionOf(), 'GET /catalog': { objects: [leadObject()] }, ...routes })
  onTestFinished(forget)
  beOnPhone(phone)
  await speakFor(language)
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } })
  onTestFinished(() => client.clear())
  signIn(client, routes['GET /session'] ?? sessionOf())
  const root = createRootRoute({ component: () => part, notFoundComponent: () => part })
  const page = createRoute({ getParentRoute: () => root, path })
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory({ initialEntries: [at] }), parseSearch: readSearch, stringifySearch: writeSearch })
  await router.load()
  render(
    <Frame>
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </Frame>,
  )
  return { edge, client, user: userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never }), address: () => router.state.location.href }
}

/** Waits until the page has settled at an address. */
export const arrivedAt = (shown: Shown, address: string | RegExp) =>
  waitFor(() => {
    const now = shown.address()
    if (typeof address === 'string' ? now !== address : !address.test(now)) throw new Error(`still at ${now}`)
  })
