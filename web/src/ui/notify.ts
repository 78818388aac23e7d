import { notifications } from '@mantine/notifications'

/** Says that something was done. */
export function notify(message: string): void {
  notifications.show({ message, color: 'accent', withBorder: true })
}

/** Says that something went wrong, in words. */
export function notifyFailure(message: string): void {
  notifications.show({ message, color: 'red', withBorder: true, autoClose: 8000 })
}
