import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import type { Check, Provider, ProviderView, Rules, RulesView } from './types'

const rulesKey = [...keys.security, 'rules']
const providerKey = [...keys.security, 'provider']

export const useRules = () => useQuery({ queryKey: rulesKey, queryFn: () => call<RulesView>('GET', '/security/rules') })

export function useSaveRules() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (rules: Rules) => call<RulesView>('PUT', '/security/rules', { body: rules }),
    onSuccess: async (view) => {
      client.setQueryData(rulesKey, view)
      await client.invalidateQueries({ queryKey: keys.session })
    },
  })
}

export const useProvider = () => useQuery({ queryKey: providerKey, queryFn: () => call<ProviderView>('GET', '/security/provider') })

/** What is sent: a blank secret keeps the one there is. */
const body = (provider: Provider, secret: string) => ({ ...provider, ...(secret ? { secret } : {}) })

export function useSaveProvider() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ provider, secret }: { provider: Provider; secret: string }) => call<ProviderView>('PUT', '/security/provider', { body: body(provider, secret) }),
    onSuccess: (view) => client.setQueryData(providerKey, view),
  })
}

export const useTryProvider = () =>
  useMutation({
    mutationFn: ({ provider, secret }: { provider: Provider; secret: string }) => call<{ checks: Check[] }>('POST', '/security/provider/test', { body: body(provider, secret) }),
  })

export const useDepartments = () =>
  useQuery({ queryKey: [...keys.people, 'departments'], queryFn: async () => (await call<{ items: { id: string; name: string }[] }>('GET', '/departments')).items })
