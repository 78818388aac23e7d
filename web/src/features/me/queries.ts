import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'

/** One browser in which somebody is logged in. */
export interface LogInPlace {
  id: string
  device: string
  address: string
  method: string
  created_at: string
  seen_at: string
  current: boolean
}

/** A program's key. */
export interface Token {
  id: string
  name: string
  created_at: string
  seen_at: string | null
}

interface Items<T> {
  items: T[]
}

export interface Factor {
  enrolled: boolean
  recovery_left: number
  due_at: string | null
}

const own = (part: string) => [...keys.entrances, 'own', part]

export const useLogInPlaces = () => useQuery({ queryKey: own('sessions'), queryFn: async () => (await call<Items<LogInPlace>>('GET', '/sessions')).items })

export const useTokens = () => useQuery({ queryKey: own('tokens'), queryFn: async () => (await call<Items<Token>>('GET', '/tokens')).items })

export const useFactor = () => useQuery({ queryKey: own('factor'), queryFn: () => call<Factor>('GET', '/session/factor') })

function useChange<In, Out>(write: (input: In) => Promise<Out>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => client.invalidateQueries({ queryKey: keys.entrances }) })
}

export const useLogOutPlace = () => useChange((id: string) => call('DELETE', `/sessions/${id}`))
export const useLogOutOthers = () => useChange<void, { count: number }>(() => call('POST', '/sessions/revoke'))
export const useNewToken = () => useChange((name: string) => call<{ token: string }>('POST', '/tokens', { body: { name } }))
export const useEndToken = () => useChange((id: string) => call('DELETE', `/tokens/${id}`))

/** Begins to set a second factor up: what the app needs. */
export const useEnrol = () => useMutation({ mutationFn: () => call<{ secret: string; qr: string }>('POST', '/session/factor/enrol') })

export const useConfirm = () => useMutation({ mutationFn: (code: string) => call<{ codes: string[] }>('POST', '/session/factor/confirm', { body: { code } }) })
export const useRenewRecovery = () => useChange((code: string) => call<{ codes: string[] }>('POST', '/session/factor/recovery', { body: { code } }))
export const useRemoveFactor = () => useChange((code: string) => call('POST', '/session/factor/remove', { body: { code } }))
