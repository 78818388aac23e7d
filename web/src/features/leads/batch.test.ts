import { expect, test } from 'vitest'
import { Problem } from '@/api/call'
import { runBatch, runEach, type BatchItem } from './batch'

const items = (count: number): BatchItem[] => Array.from({ length: count }, (_, n) => ({ op: 'delete', id: String(n) }))

test('items go in hundreds, and a chunk that fails leaves the others', async () => {
  const sizes: number[] = []
  const progress: number[] = []
  const outcomes = await runBatch(
    items(250),
    async (chunk) => {
      sizes.push(chunk.length)
      if (sizes.length === 2) throw new Problem(0, 'offline', [], { title: 'no net' })
      return { items: chunk.map(({ id }) => (id === '7' ? { status: 403, id, code: 'forbidden' } : { status: 200, id })) }
    },
    (done) => progress.push(done),
  )
  expect(sizes).toEqual([100, 100, 50])
  expect(progress).toEqual([100, 200, 250])
  expect(outcomes.filter(({ fault }) => fault).length).toBe(101)
  expect(outcomes[7]).toEqual({ id: '7', fault: { code: 'forbidden', message: undefined } })
  expect(outcomes[100]).toEqual({ id: '100', fault: { code: 'offline', message: 'no net' } })
  expect(outcomes[249]).toEqual({ id: '249' })
})

test('each is tried whatever becomes of the others', async () => {
  const outcomes = await runEach(['a', 'b'], (id) => (id === 'a' ? Promise.reject(new Problem(404, 'not_found', [], { title: 'gone' })) : Promise.resolve()), () => {})
  expect(outcomes).toEqual([{ id: 'a', fault: { code: 'not_found', message: 'gone' } }, { id: 'b' }])
})
