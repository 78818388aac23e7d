import { useQuery } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'

export interface Choice {
  name: string
  label: string
  color?: string
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
}

export interface View {
  name: string
  label: string
  filter: string
  sort: string
  columns: string[]
}

export interface FollowUp {
  actions: Choice[]
  outcomes: (Choice & { closes?: boolean })[]
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
