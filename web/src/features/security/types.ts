export interface Rules {
  profile: string
  idle_minutes: number
  life_hours: number
  factor_roles: string[]
  factor_grace_days: number
}

export interface Profile {
  name: string
  min_length: number
  advised_length: number
  classes: number
  history: number
  max_age_days: number
  lock_minutes: number
  most_idle_minutes: number
}

export interface RulesView {
  rules: Rules
  profiles: Profile[]
  roles: { name: string; label: string; people: number; factor: number; audit: boolean }[]
}

export interface Provider {
  enabled: boolean
  label: string
  issuer: string
  client_id: string
  allow_private: boolean
  email_claim: string
  trust_email: boolean
  create: boolean
  department: string
  roles: string[]
  group_claim: string
  groups: { group: string; role: string }[]
}

export interface ProviderView extends Provider {
  has_secret: boolean
  callback: string
}

export interface Check {
  name: string
  ok: boolean
  message?: string
}
