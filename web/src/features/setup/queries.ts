import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, callWithHeaders } from '@/api/call'
import { keys } from '@/api/keys'
import { useSession } from '@/api/session'
import type { Body } from './document'
import { shapeOf, type SchemaNode, type Shape } from './shape'
import type { Difference, Draft, Effect, Kind, Usage, Version } from './types'

interface Items<T> {
  items: T[]
}

const get = <T,>(path: string, query?: Record<string, string>) => call<T>('GET', path, { query })

/** The open drafts of everyone, newest first. */
function useDrafts() {
  return useQuery({ queryKey: [...keys.setup, 'drafts'], queryFn: async () => (await get<Items<Draft>>('/config/drafts')).items })
}

/** The draft that the reader's changes are gathered in; null when there is none, undefined while reading. */
export function useMyDraft(): Draft | null | undefined {
  const me = useSession()?.user.id
  const { data } = useDrafts()
  return data && (data.find(({ by }) => by?.id === me) ?? null)
}

/** Who else has a document in a draft of his own. */
export function useOtherWriters(kind: string, name: string): string[] {
  const me = useSession()?.user.id
  const { data } = useDrafts()
  const holding = data?.filter(({ by, documents }) => by && by.id !== me && documents?.some((one) => one.kind === kind && one.name === name))
  return [...new Set(holding?.map(({ by }) => by?.label ?? ''))].filter(Boolean)
}

/** Every document by kind, with the reader's draft laid over. */
export function useKinds(): Kind[] | undefined {
  const draft = useMyDraft()
  const { data } = useQuery({
    queryKey: [...keys.setup, 'kinds', draft?.id],
    queryFn: async () => (await get<Items<Kind>>('/config', { draft: draft?.id ?? '' })).items,
    enabled: draft !== undefined,
  })
  return data
}

/** What a kind's documents look like. */
export function useShape(kind: string) {
  return useQuery({
    queryKey: [...keys.setup, 'shape', kind],
    queryFn: async (): Promise<Shape> => {
      const [schema, common] = await Promise.all([get<SchemaNode>(`/config/schemas/${kind}`), get<SchemaNode>('/config/schemas/common')])
      return shapeOf(schema, common)
    },
    staleTime: Infinity,
  })
}

export interface Held {
  body: Body
  tag: string
}

/** A document as the reader's draft has it, else as it is in force, with what a write has to quote. */
export async function readDocument(kind: string, name: string, draft: string | undefined): Promise<Held> {
  const { data, headers } = await callWithHeaders<Body>('GET', `/config/${kind}/${name}`, { query: { draft: draft ?? '' } })
  return { body: data, tag: headers.get('ETag') ?? '' }
}

/** How a document is asked for, by whoever needs it. */
export const documentQuery = (kind: string, name: string, draft: string | undefined) => ({
  queryKey: [...keys.setup, 'document', kind, name, draft],
  queryFn: () => readDocument(kind, name, draft),
  retry: false as const,
})

export function useDocument(kind: string, name: string, wanted = true) {
  const draft = useMyDraft()
  return useQuery({ ...documentQuery(kind, name, draft?.id), enabled: wanted && draft !== undefined && name !== '' })
}

export function useDifferences(draft: string | undefined) {
  return useQuery({
    queryKey: [...keys.setup, 'differences', draft],
    queryFn: async () => (await call<Items<Difference>>('POST', `/config/drafts/${draft}/diff`)).items,
    enabled: draft !== undefined,
    gcTime: 0,
  })
}

/** What a draft touches: counted by the server, for two seconds at most. */
export function useEffects(draft: string) {
  return useQuery({
    queryKey: [...keys.setup, 'effects', draft],
    queryFn: async () => (await call<Items<Effect>>('POST', `/config/drafts/${draft}/effects`)).items,
    gcTime: 0,
    retry: false,
  })
}

export function useUses(kind: string, name: string, wanted = true) {
  return useQuery({
    queryKey: [...keys.setup, 'uses', kind, name],
    queryFn: async () => (await get<Items<Usage>>(`/config/${kind}/${name}/used`)).items,
    enabled: wanted,
  })
}

/** The versions of one document, or of everything. */
export function useVersions(kind?: string, name?: string) {
  return useQuery({
    queryKey: [...keys.setup, 'versions', kind, name],
    queryFn: async () => (await get<Items<Version>>(kind ? `/config/${kind}/${name}/versions` : '/config/versions')).items,
  })
}

/** What leads from one version to another. */
export function useVersionDifferences(from: number, to: number, kind?: string, name?: string) {
  return useQuery({
    queryKey: [...keys.setup, 'between', from, to, kind, name],
    queryFn: async () => (await get<Items<Difference>>(`/config/versions/${to}/diff`, { from: String(from), kind: kind ?? '', name: name ?? '' })).items,
    enabled: to > 0 && from < to,
  })
}

/** After a write to the configuration everything that was read of it is read again. */
function useSetupMutation<I, O>(write: (input: I) => Promise<O>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => client.invalidateQueries({ queryKey: keys.setup, predicate: ({ queryKey }) => queryKey[1] !== 'shape' }) })
}

/** A publication changes what everybody's screens are made of. */
function usePublication<I, O>(write: (input: I) => Promise<O>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'shape' }) })
}

export interface Write {
  draft: string | undefined
  kind: string
  name: string
  body: Body
  tag?: string
}

/** Lays a document into the reader's draft, which is begun where there is none. */
export const useSaveDocument = () =>
  useSetupMutation(async ({ draft, kind, name, body, tag }: Write) => {
    const id = draft ?? (await call<Draft>('POST', '/config/drafts', { body: {} })).id
    const { data, headers } = await callWithHeaders<Body>('PUT', `/config/${kind}/${name}`, { query: { draft: id }, body, headers: tag && draft ? { 'If-Match': tag } : {} })
    return { draft: id, body: data, tag: headers.get('ETag') ?? '' }
  })

export const useRemoveDocument = () =>
  useSetupMutation(async ({ draft, kind, name }: { draft: string | undefined; kind: string; name: string }) => {
    const id = draft ?? (await call<Draft>('POST', '/config/drafts', { body: {} })).id
    await call('DELETE', `/config/${kind}/${name}`, { query: { draft: id } })
  })

/** Takes a document out of a draft: what is in force holds for it again. */
export const useForgetDocument = () =>
  useSetupMutation(({ draft, kind, name }: { draft: string; kind: string; name: string }) => call('DELETE', `/config/drafts/${draft}/documents/${kind}/${name}`))

export const useDropDraft = () => useSetupMutation((draft: string) => call('DELETE', `/config/drafts/${draft}`))

export const useRebase = () =>
  useSetupMutation(({ draft, mine, theirs }: { draft: string; mine: string[]; theirs: string[] }) => call<Draft>('POST', `/config/drafts/${draft}/rebase`, { body: { mine, theirs } }))

export const useValidate = () => useMutation({ mutationFn: (draft: string) => call('POST', `/config/drafts/${draft}/validate`) })

export const usePublish = () => usePublication((draft: string) => call<{ version: number }>('POST', `/config/drafts/${draft}/publish`))

export const useRollBack = () => usePublication((version: number) => call<{ version: number }>('POST', `/config/versions/${version}/rollback`))
