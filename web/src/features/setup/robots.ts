import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, Problem } from '@/api/call'
import { keys } from '@/api/keys'
import { useMay } from '@/api/session'

/** A group's robot; without a secret its messages wait. */
interface Robot {
  name: string
  vendor: string
  has_secret: boolean
}

/** Which robots are connected, asked for where the documents are robots, by those who may connect them. */
export function useRobots(kind: string) {
  const may = useMay('channels.write')
  return useQuery({ queryKey: keys.robots, queryFn: async () => (await call<{ items: Robot[] }>('GET', '/robots')).items, enabled: may && kind === 'robot' })
}

/** What stands at the field that was refused, else the whole sentence. */
const inWords = (error: Error) => (error instanceof Problem ? new Error(error.errors[0]?.message ?? error.message) : error)

export function useConnectRobot(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (secret: { key: string; secret: string }) =>
      call('PUT', `/robots/${encodeURIComponent(name)}/secret`, { body: secret }).catch((error: Error) => {
        throw inWords(error)
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.robots }),
  })
}
