import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from './call'
import { keys } from './keys'

/** What a person wants announced while the app is open. */
export interface Alerts {
  quiet: boolean
  off: string[]
}

export interface AlertsView extends Alerts {
  kinds: string[]
  working: boolean
}

export const readAlerts = () => call<AlertsView>('GET', '/alerts')

export const useAlerts = (): AlertsView | undefined => useQuery({ queryKey: keys.alerts, queryFn: readAlerts, staleTime: 60_000 }).data

export function useChooseAlerts() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (alerts: Alerts) => call<AlertsView>('PUT', '/alerts', { body: alerts }),
    onMutate: (alerts) => client.setQueryData<AlertsView>(keys.alerts, (now) => now && { ...now, ...alerts }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.alerts }),
  })
}

const desktopKey = 'clew.desktop'

/** Whether this device may show desktop notifications: chosen here, and allowed by the browser. */
export const desktopOn = (): boolean => localStorage.getItem(desktopKey) === '1' && 'Notification' in globalThis && Notification.permission === 'granted'

/** Asks the browser, after a tap alone; tells whether it is on now. */
export async function switchDesktop(on: boolean): Promise<boolean> {
  const allowed = on && 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted'
  if (allowed) localStorage.setItem(desktopKey, '1')
  else localStorage.removeItem(desktopKey)
  return allowed
}
