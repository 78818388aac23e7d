/** Logs in anew over the present page; resolves when that is done. */
type LogInAgain = () => Promise<void>

const state: { ask?: LogInAgain; asked?: Promise<void> } = {}

/** Says how to log in anew while somebody is at work; without it a page goes to the log-in. */
export function askToLogInAgain(ask: LogInAgain | undefined): void {
  state.ask = ask
  state.asked = undefined
}

/** Waits until somebody logged in anew; all requests that met the end of the session wait for the same. False when nobody can be asked. */
export async function loggedInAgain(): Promise<boolean> {
  if (!state.ask) return false
  state.asked ??= state.ask().finally(() => {
    state.asked = undefined
  })
  await state.asked
  return true
}
