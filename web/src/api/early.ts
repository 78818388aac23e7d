/** Answers that `first-requests.js` asked for while the app's code was on its way. */
interface FirstRequests {
  /** When they were asked for, in this page's milliseconds. */
  at: number
  answers: Record<string, Promise<Response | undefined>>
}

declare global {
  var firstRequests: FirstRequests | undefined
}

/** For how long an answer that nobody took is still true enough, in milliseconds. */
const fresh = 10_000

/** The answer that was asked for early, once; undefined where none was, or none came in time. */
export async function earlyAnswer(method: string, path: string): Promise<Response | undefined> {
  // A script that comes later than the app does not ask any more.
  globalThis.firstRequests ??= { at: 0, answers: {} }
  const { at, answers } = globalThis.firstRequests
  if (method !== 'GET' || !(path in answers)) return undefined
  const waiting = answers[path]
  delete answers[path]
  return performance.now() - at < fresh ? waiting : undefined
}
