import { keepPreviousData, useMutation, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { useMay } from '@/api/session'
import { roleLabel, roleName, type Department, type Leave, type Pool, type User } from './types'

interface Items<T> {
  items: T[]
}

/** What the form of an account holds; a blank password stays as it is. */
export interface UserInput {
  name: string
  email: string
  password: string
  roles: string[]
  department: string
  active: boolean
  capacity: number | null
  /** Whether a password that is given here has to be changed at the next log-in. */
  mustChange: boolean
}

const read = async <T>(path: string, query?: Record<string, string>) => (await call<Items<T>>('GET', path, { query })).items

export const useMayWriteUsers = () => useMay('users.write')

export function useUsers(search: string) {
  return useQuery({ queryKey: [...keys.people, 'users', search], queryFn: () => read<User>('/users', { q: search, limit: '500' }), placeholderData: keepPreviousData })
}

export function useDepartments() {
  return useQuery({ queryKey: [...keys.people, 'departments'], queryFn: () => read<Department>('/departments') })
}

export function usePools() {
  return useQuery({ queryKey: [...keys.people, 'pools'], queryFn: () => read<Pool>('/pools') })
}

/** The roles there are: those configured and readable, and in any case those in use. */
export function useRoles(user: User | null): { name: string; label: string }[] {
  const mayRead = useMay('config.write')
  const configured = useQuery({
    queryKey: [...keys.people, 'roles'],
    queryFn: () => read<{ name: string; label: string }>('/config/role'),
    enabled: mayRead,
  })
  const users = useUsers('').data ?? []
  const inUse = [...users, ...(user ? [user] : [])].flatMap(({ roles }) => roles).map((role) => ({ name: roleName(role), label: roleLabel(role) }))
  const all = new Map([...(configured.data ?? []), ...inUse].map(({ name, label }) => [name, { name, label: label || name }]))
  return [...all.values()]
}

export function useLeave(user: string) {
  return useQuery({ queryKey: [...keys.people, 'leave', user], queryFn: () => read<Leave>(`/users/${user}/leave`) })
}

/** Whoever changes people changes load, leaders and pools with them: all of it is read again. */
function usePeopleMutation<T>(write: (input: T) => Promise<unknown>) {
  const client = useQueryClient()
  const all: QueryKey = keys.people
  return useMutation({ mutationFn: write, onSuccess: () => client.invalidateQueries({ queryKey: all }) })
}

export const useSaveUser = (id: string | null) =>
  usePeopleMutation(({ password, department, mustChange, ...rest }: UserInput) => {
    const body = { ...rest, department: department || null, ...(password ? { password, must_change_password: mustChange } : {}) }
    return id ? call('PATCH', `/users/${id}`, { body }) : call('POST', '/users', { body })
  })

export const useSaveDepartment = (id: string | null) =>
  usePeopleMutation(({ name, parent, leader }: { name: string; parent: string; leader: string }) => {
    const body = { name, parent: parent || null, leader: leader || null }
    return id ? call('PATCH', `/departments/${id}`, { body }) : call('POST', '/departments', { body })
  })

export const useSavePoolMembers = (pool: string) =>
  usePeopleMutation((members: { user: string; capacity: number | null; weight: number }[]) => call('PUT', `/pools/${pool}/members`, { body: { members } }))

export const useAddLeave = (user: string) =>
  usePeopleMutation((leave: { from: string; to: string; reason: string }) => call('POST', `/users/${user}/leave`, { body: leave }))

export const useDropLeave = () => usePeopleMutation((id: string) => call('DELETE', `/leave/${id}`))

/** How somebody is in, or may come in. */
interface Entrances {
  sessions: { id: string }[]
  tokens: { id: string }[]
  factor: boolean
}

export function useEntrances(user: string) {
  return useQuery({ queryKey: [...keys.people, 'entrances', user], queryFn: () => call<Entrances>('GET', `/users/${user}/sessions`) })
}

export const useMakeReset = (user: string) => useMutation({ mutationFn: () => call<{ token: string }>('POST', `/users/${user}/reset`) })
export const useRevokeEntrances = (user: string) => usePeopleMutation<void>(() => call('POST', `/users/${user}/sessions/revoke`))
export const useResetFactor = (user: string) => usePeopleMutation<void>(() => call('DELETE', `/users/${user}/factor`))
export const useUnlink = (user: string) => usePeopleMutation<void>(() => call('DELETE', `/users/${user}/link`))
