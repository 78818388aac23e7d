import i18next from 'i18next'
import { loggedInAgain } from './again'
import { earlyAnswer } from './early'
import { leftAlone } from './presence'

/** What is wrong with one field; the API's names. */
export interface FieldFault {
  path: string
  code: string
  message: string
  current?: unknown
}

/** An answer that says no (RFC 9457); its message is meant for people. Status 0 is no answer at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldFault[]
  readonly body: Record<string, unknown>

  constructor(status: number, code: string, errors: FieldFault[], body: Record<string, unknown>) {
    super(String(body.detail ?? body.title ?? status))
    this.status = status
    this.code = code
    this.errors = errors
    this.body = body
  }
}

interface Options {
  body?: unknown
  /** Empty values are left out. */
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Gives the request up. */
  signal?: AbortSignal
}

const session = { csrf: '' }

/** Keeps the token that unsafe requests of this session carry. */
export function keepToken(csrf: string | undefined): void {
  session.csrf = csrf ?? ''
}

/** Where to go after a new log-in: this very page. */
const logInAddress = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`

function leaveWhenSignedOut(status: number): void {
  if (status === 401 && location.pathname !== '/login') location.assign(logInAddress())
}

async function send(method: string, path: string, { body, query, headers, signal }: Options): Promise<Response> {
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== ''))
  const sent: Record<string, string> = { 'Accept-Language': document.documentElement.lang, ...headers }
  if (body !== undefined) sent['Content-Type'] = 'application/json'
  if (leftAlone()) sent['X-Idle'] = '1'
  if (method !== 'GET' && session.csrf) sent['X-CSRF-Token'] = session.csrf
  const early = search.size === 0 ? await earlyAnswer(method, path) : undefined
  if (early) return early
  try {
    return await fetch(`/api/v1${path}${search.size ? `?${search}` : ''}`, { method, headers: sent, signal, body: body === undefined ? undefined : JSON.stringify(body) })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Problem(0, 'offline', [], { title: i18next.t('unreachable', { ns: 'app' }) || String(error) })
  }
}

/** What proves who one is answers 401 by itself. */
const proves = (method: string, path: string) => method === 'POST' && /^\/session(\/factor)?$/.test(path)

/** Sends; when the session has ended meanwhile, lets the person log in anew over the page, and sends again. */
async function sendSignedIn(method: string, path: string, options: Options): Promise<Response> {
  const response = await send(method, path, options)
  if (response.status !== 401 || proves(method, path) || !(await loggedInAgain())) return response
  return send(method, path, options)
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return { title: response.statusText }
  }
}

/** Throws the Problem that an answer tells, where it is no. */
async function refuse(response: Response): Promise<never> {
  leaveWhenSignedOut(response.status)
  const body = ((await parsed(response)) ?? { title: response.statusText }) as Record<string, unknown>
  throw new Problem(response.status, String(body.code ?? ''), (body.errors as FieldFault[] | undefined) ?? [], body)
}

/** One request to the API with what the answer's headers say; throws a Problem when the answer is no. */
export async function callWithHeaders<T>(method: string, path: string, options: Options = {}): Promise<{ data: T; headers: Headers }> {
  const response = await sendSignedIn(method, path, options)
  if (!response.ok) return refuse(response)
  return { data: (await parsed(response)) as T, headers: response.headers }
}

/** One request whose answer is a file, with the name that it comes with. */
export async function callForFile(method: string, path: string, options: Options = {}): Promise<{ file: Blob; name: string }> {
  const response = await sendSignedIn(method, path, options)
  if (!response.ok) return refuse(response)
  const [, encoded = ''] = /filename\*=UTF-8''([^;]*)/.exec(response.headers.get('Content-Disposition') ?? '') ?? []
  return { file: await response.blob(), name: decodeURIComponent(encoded) }
}

/** One request to the API; paths begin after /api/v1. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await callWithHeaders<T>(method, path, options)).data
}
