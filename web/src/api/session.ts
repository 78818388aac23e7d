import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { askToLogInAgain } from './again'
import { call, keepToken } from './call'
import { keys } from './keys'

/** Who is logged in, and what he may do. */
export interface Session {
  csrf?: string
  user: {
    id: string
    name: string
    email: string
    language: string
    zone: string
    roles: { name: string; label: string }[]
    department: { id: string; label?: string } | null
    home: string
  }
  company: { name: string; zone: string; demo: boolean }
  /** Rights by name, such as `dashboard.read`. */
  can: string[]
  /** What has to be done before anything else. */
  duty?: 'password' | 'factor'
  /** Until when a second factor has to be set up. */
  factor_due?: string
  /** Business time when the answer came. */
  now: string
  /** This device's time when the answer came, in milliseconds. */
  at: number
}

async function readSession(): Promise<Session> {
  const session = await call<Omit<Session, 'at'>>('GET', '/session')
  keepToken(session.csrf)
  return { ...session, at: Date.now() }
}

/** The session as a query: the shell waits for it. */
export function useSessionQuery() {
  return useQuery({ queryKey: keys.session, queryFn: readSession, staleTime: 60_000 })
}

export function useSession(): Session | undefined {
  return useSessionQuery().data
}

/** Whether the user has a right. */
export function useMay(right: string): boolean {
  return useSession()?.can.includes(right) ?? false
}

/** How often business time is told anew, in milliseconds. */
const tick = 15_000

/** Business time: the demo's clock may be ahead of this device's. */
export function useBusinessNow(): Date {
  const session = useSession()
  const [device, setDevice] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setDevice(Date.now()), tick)
    return () => clearInterval(timer)
  }, [])
  if (!session) return new Date(device)
  return new Date(new Date(session.now).getTime() + Math.max(0, device - session.at))
}

/** What a step of a log-in gives: who is in, or what is still wanted. */
export interface Entered {
  csrf: string
  step?: 'factor'
  user?: { id: string }
}

export interface Proof {
  email: string
  password: string
}

/** A step of a log-in: address and password, then perhaps a code. */
export async function prove(proof: Proof | { code: string }): Promise<Entered> {
  const entered = await call<Entered>('POST', 'code' in proof ? '/session/factor' : '/session', { body: proof })
  keepToken(entered.csrf)
  return entered
}

/** Logs in; everything read before belonged to somebody else, unless the same person is only asked again. */
export function useLogIn(again: boolean) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: prove,
    onSuccess: ({ step }) => {
      if (!step && !again) client.clear()
    },
  })
}

/** The ways to log in beside the password. */
export function useWaysIn() {
  return useQuery({ queryKey: keys.waysIn, queryFn: () => call<{ provider: { label: string } | null }>('GET', '/session/options') }).data
}

export function useLogOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => {
      askToLogInAgain(undefined) // who leaves is not asked back
      return call('DELETE', '/session')
    },
    onSuccess: () => {
      keepToken('')
      client.clear()
    },
  })
}

interface Change {
  language?: string
  password?: { old: string; new: string }
}

/** Changes the own language or password; a new language changes every label, so all is read again. */
export function useChangeSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: Change) => call<Omit<Session, 'at'>>('PATCH', '/session', { body: change }),
    onSuccess: async (session, change) => {
      keepToken(session.csrf)
      client.setQueryData(keys.session, { ...session, at: Date.now() })
      if (change.language) await client.invalidateQueries()
    },
  })
}
