import { Problem, type FieldFault } from '@/api/call'

export interface BatchItem {
  op: 'update' | 'delete'
  id: string
  fields?: Record<string, unknown>
}

/** What the server says of one item. */
export interface BatchResult {
  status: number
  id?: string
  code?: string
  errors?: FieldFault[]
}

/** What became of one record; `fault` says why it was not done. */
export interface Outcome {
  id: string
  fault?: { code: string; message?: string }
}

/** How many go to the server at once. */
const chunkSize = 100

type Send = (items: BatchItem[]) => Promise<{ items: BatchResult[] }>

/** Sends items in chunks, one after the other. A chunk that fails whole fails for each of its items, and the next is still tried. */
export async function runBatch(items: BatchItem[], send: Send, onProgress: (done: number) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let start = 0; start < items.length; start += chunkSize) {
    const chunk = items.slice(start, start + chunkSize)
    outcomes.push(...(await outcomesOf(chunk, send)))
    onProgress(outcomes.length)
  }
  return outcomes
}

async function outcomesOf(chunk: BatchItem[], send: Send): Promise<Outcome[]> {
  try {
    const { items } = await send(chunk)
    return chunk.map(({ id }, index) => outcomeOf(id, items[index]))
  } catch (error) {
    return chunk.map(({ id }) => ({ id, fault: faultOf(error) }))
  }
}

function outcomeOf(id: string, result: BatchResult | undefined): Outcome {
  if (result && result.status >= 200 && result.status < 300) return { id }
  return { id, fault: { code: result?.code ?? '', message: result?.errors?.[0]?.message } }
}

/** An error as the reason of one record. */
export function faultOf(error: unknown): { code: string; message?: string } {
  if (!(error instanceof Problem)) return { code: '' }
  return { code: error.code, message: error.errors[0]?.message ?? error.message }
}

/** Does the same to each, one after the other, whatever becomes of the others. */
export async function runEach(ids: string[], act: (id: string) => Promise<unknown>, onProgress: (done: number) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const id of ids) {
    outcomes.push(await act(id).then((): Outcome => ({ id }), (error: unknown): Outcome => ({ id, fault: faultOf(error) })))
    onProgress(outcomes.length)
  }
  return outcomes
}
