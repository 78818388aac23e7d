import { useQuery } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'

export interface Choice {
  name: string
  label: string
  color?: string
  /** Whether a record that takes it counts as closed. */
  closes?: boolean
}

export interface Field {
  name: string
  label: string
  help?: string
  type: string
  required: boolean
  read_only: boolean
  indexed?: boolean
  scale?: number
  currency?: string
  /** What a reference points at. */
  object?: string
  choices?: Choice[]
  /** The choices of another field that ask for this one: a reason. */
  required_when?: { field: string; choices: string[] }
}

export interface View {
  name: string
  label: string
  filter: string
  sort: string
  columns: string[]
  layout?: 'table' | 'board'
  /** The choice field whose choices are a board's columns. */
  group?: string
  /** What a board adds up. */
  sum?: string
}

export interface FollowUp {
  actions: Choice[]
  outcomes: (Choice & { sets?: string })[]
  /** The field that an outcome sets. */
  status_field?: string
  next_action_field: string
  next_due_field: string
  default_days: number
}

/** An object as this reader may know it; hidden fields are not there. */
export interface CatalogObject {
  name: string
  label: string
  plural: string
  title_field: string
  owner_field?: string
  can: { create: boolean; read: boolean; update: boolean; delete: boolean; assign?: boolean }
  fields: Field[]
  follow_up?: FollowUp
  views: View[]
  forms: { name: string; label: string; fields: { name: string; required?: boolean }[] }[]
  page?: { sections: { label: string; fields: string[] }[] }
  /** Whether the reader may turn its records into others. */
  converts?: boolean
  /** The choice field whose history is kept. */
  stage_field?: string
}

/** The objects that the reader may know, in the order of the configuration. */
export function useCatalog(): CatalogObject[] | undefined {
  const { data } = useQuery({
    queryKey: keys.catalog,
    queryFn: () => call<{ objects: CatalogObject[] }>('GET', '/catalog'),
    staleTime: 5 * 60_000,
  })
  return data?.objects
}

/** One object; undefined while reading, and for one that there is not. */
export function useObject(name: string): CatalogObject | undefined {
  return useCatalog()?.find((object) => object.name === name)
}
