/** Somebody or something named; the label is absent where the reader may not see it. */
export interface Named {
  id: string
  label?: string
}

export interface Role {
  name: string
  label: string
}

export interface User {
  id: string
  name: string
  email?: string
  roles: (Role | string)[]
  department: Named | null
  active: boolean
  open_load: number
  /** Null is no limit. */
  capacity: number | null
  away: boolean
}

export interface Department {
  id: string
  name: string
  parent: string | null
  leader: Named | null
  members: number
}

export interface PoolMember {
  user: Named
  /** Null is no limit. */
  capacity: number | null
  open_load: number
  weight: number
  away: boolean
}

export interface Pool {
  name: string
  label: string
  strategy: string
  robot: string | null
  members: PoolMember[]
}

export interface Leave {
  id: string
  from: string
  to: string
  reason: string
}

export const roleName = (role: Role | string) => (typeof role === 'string' ? role : role.name)
export const roleLabel = (role: Role | string) => (typeof role === 'string' ? role : role.label || role.name)
