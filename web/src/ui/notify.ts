/** A short notice that goes away by itself. */
export interface Notice {
  id: number
  message: string
  failed: boolean
  /** Something to do about it, such as taking it back. */
  action?: NoticeAction
}

export interface NoticeAction {
  label: string
  run: () => void
}

/** How long a notice stays, in milliseconds; a failure has to be read. */
const stay = { done: 5000, failed: 8000 }

const state = { notices: [] as Notice[], next: 1, listeners: new Set<() => void>() }

function change(notices: Notice[]): void {
  state.notices = notices
  for (const listener of state.listeners) listener()
}

/** The notices on the screen, oldest first; the same array until one comes or goes. */
export const noticesNow = (): Notice[] => state.notices

/** Calls back on each change until the answer is called. */
export function watchNotices(listener: () => void): () => void {
  state.listeners.add(listener)
  return () => state.listeners.delete(listener)
}

export function dismiss(id: number): void {
  change(state.notices.filter((notice) => notice.id !== id))
}

function show(message: string, failed: boolean, action?: NoticeAction): void {
  const id = state.next++
  change([...state.notices, { id, message, failed, ...(action && { action }) }])
  setTimeout(() => dismiss(id), failed ? stay.failed : stay.done)
}

/** Says that something was done. */
export const notify = (message: string, action?: NoticeAction): void => show(message, false, action)

/** Says that something went wrong, in words. */
export const notifyFailure = (message: string): void => show(message, true)

/** Says why something was refused, where no place on the page says it. */
export const notifyError = (error: Error): void => notifyFailure(error.message)
