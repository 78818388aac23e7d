import { call, callForFile } from './call'

function save(address: string, name = ''): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
}

/** Hands a file to the browser, which writes it to disk as it comes; what is wrong with the question is said first. */
export async function download(path: string, query: Record<string, string>): Promise<void> {
  await call('HEAD', path, { query })
  save(`/api/v1${path}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))}`)
}

/** Fetches a file that is asked for with a body, and hands it to the browser. */
export async function downloadWith(path: string, body: unknown): Promise<void> {
  const { file, name } = await callForFile('POST', path, { body })
  const address = URL.createObjectURL(file)
  save(address, name)
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
