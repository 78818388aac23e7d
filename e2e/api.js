// What a journey may do behind the screen: sign in and read or write over the public API.
import { baseURL } from './browser.js'

export const password = 'clew-demo'
export const roles = ['admin', 'manager', 'sales', 'marketing', 'service']
export const emailOf = (role) => `${role}@demo.example`

const sessions = new Map()

/** Signs in over the API as a role of the demo; one session a role and file. */
export function signIn(role) {
  if (!sessions.has(role)) sessions.set(role, logIn(baseURL, emailOf(role), password))
  return sessions.get(role)
}

/**
 * Gives the leads that a seller has not touched to the manager. A section of the home shows its first eight alone, the
 * oldest before the newest: what other journeys left there would hide a new one.
 */
export async function clearDesk(role) {
  const seller = await signIn(role)
  const manager = await signIn('manager')
  const { blocks } = (await seller.get('/home')).body
  const { filter } = blocks.find(({ label }) => label === '待首触')
  const { items } = (await seller.get(`/records/lead?limit=200&filter=${encodeURIComponent(filter)}`)).body
  for (const { id } of items) {
    const { status, body } = await manager.patch(`/records/lead/${id}`, { owner: manager.user.id })
    if (status !== 200) throw new Error(`lead ${id}: ${status} ${JSON.stringify(body)}`)
  }
}

/** Signs somebody in on a server. */
export async function logIn(base, email, secret) {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: secret }),
  })
  if (!answer.ok) throw new Error(`sign-in as ${email}: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ')
  const { csrf, user } = await answer.json()
  const call = async (method, path, body) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { Cookie: cookie, 'X-CSRF-Token': csrf, 'Content-Type': 'application/json', 'Accept-Language': 'zh-CN' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  }
  return {
    user,
    cookie,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    remove: (path) => call('DELETE', path),
  }
}
