// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { keys } from '@/api/keys'
import { useAskOperation, type Operation } from '@/api/operations'
import { sessionOf } from '@/testing/company'
import { later, noAnswer, refusal, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { OperationsDock, RunningOperations } from './operations-dock'

const operation = (id: string, more: Partial<Operation> = {}): Operation => ({ id, action: 'edit', object: 'lead', label: 'Leads', state: 'done', fields: [{ name: 'city', label: 'City', text: id }], total: 102, done: 102, failed: 0, may_undo: true, may_resume: false, created_at: '2026-11-23T01:00:00Z', ...more })
const atWork = (id: string, more: Partial<Operation> = {}) => operation(id, { state: 'running', done: 51, may_undo: false, ...more })

/** A page from which an operation is asked for. */
function Page() {
  const ask = useAskOperation()
  return (
    <>
      <button onClick={() => ask.mutate({ object: 'lead', action: 'edit', filter: '', fields: { city: 'X' } })}>Ask</button>
      <RunningOperations />
      <OperationsDock />
    </>
  )
}

const page = (items: Operation[] | (() => unknown), routes: Routes = {}, can = ['records.bulk']) =>
  show(<Page />, { routes: { 'GET /session': sessionOf({ can }), 'GET /operations': Array.isArray(items) ? { items } : items, ...routes } })
const dock = () => screen.queryByRole('region', { name: 'Bulk operations' })
const lines = () => [...document.querySelectorAll('[data-operation]')].map((one) => one.getAttribute('data-operation'))
const answered = ({ client }: Awaited<ReturnType<typeof page>>) => waitFor(() => expect(client.isFetching() + client.getQueriesData({ queryKey: keys.operations }).length).toBe(1))
/** The server tells that something moved. */
const told = async ({ edge, client }: Awaited<ReturnType<typeof page>>, items: Operation[]) => {
  edge.answer('GET /operations', { items })
  await act(() => client.invalidateQueries({ queryKey: keys.operations }))
}

describe('operations are kept in sight', () => {
  test('while they are at work, and once they ended', async () => {
    const scene = await page([atWork('o-1')])
    await screen.findByText('51 of 102')
    expect(screen.getByRole('link', { name: 'Bulk operation 50% done' }).textContent).toBe('50%')
    await told(scene, [operation('o-1')])
    await screen.findByText('102 of 102 done')
    expect(lines()).toEqual(['o-1'])
    expect(screen.queryByRole('link', { name: /50%/ })).toBeNull()
  })

  test('but not those that had ended before one came', async () => {
    const scene = await page([operation('o-1'), operation('o-0', { state: 'stopped' })])
    await answered(scene)
    await told(scene, [operation('o-1', { undone_by: 'o-9' }), operation('o-0', { state: 'stopped' })])
    expect(dock()).toBeNull()
  })

  test('also one that ended before anybody could see it at work', async () => {
    const scene = await page([operation('o-1')])
    await answered(scene)
    await told(scene, [operation('o-2'), operation('o-1')])
    await screen.findByText('102 of 102 done')
    expect(lines()).toEqual(['o-2'])
  })

  test('also the first of all, asked for here and done at once', async () => {
    const done = operation('o-1')
    const scene = await page([], { 'POST /operations': { ...done, state: 'queued', done: 0 } })
    await answered(scene)
    scene.edge.answer('GET /operations', { items: [done] })
    await scene.user.click(screen.getByRole('button', { name: 'Ask' }))
    await screen.findByText('102 of 102 done')
  })

  test('also one of former days that somebody lets go on, to its end', async () => {
    const scene = await page([operation('o-1', { state: 'stopped', done: 5 })])
    await answered(scene)
    await told(scene, [atWork('o-1')])
    await screen.findByText('51 of 102')
    await told(scene, [operation('o-1')])
    await screen.findByText('102 of 102 done')
  })

  test('the oldest first', async () => {
    await page([atWork('o-3'), operation('o-2'), atWork('o-1')])
    await waitFor(() => expect(lines()).toEqual(['o-1', 'o-3']))
    expect(screen.getByRole('link', { name: 'Bulk operation 50% done' })).toBeDefined()
  })
})

describe('the dock', () => {
  test('is put away with what it shows, until something else is at work', async () => {
    const scene = await page([atWork('o-1')])
    await screen.findByText('51 of 102')
    await scene.user.click(screen.getByRole('button', { name: 'Close' }))
    expect(dock()).toBeNull()
    await told(scene, [operation('o-1')])
    expect(dock()).toBeNull()
    await told(scene, [atWork('o-2'), operation('o-1')])
    await waitFor(() => expect(lines()).toEqual(['o-2']))
  })

  test('leads to all operations', async () => {
    const scene = await page([atWork('o-1')])
    await scene.user.click(await screen.findByRole('link', { name: 'Bulk operations' }))
    await arrivedAt(scene, '/operations')
  })

  test('shows the undoing as an operation of its own, however fast it is', async () => {
    const edited = operation('o-1')
    const undoing = operation('o-2', { action: 'undo', undoes: 'o-1', may_undo: false })
    const scene = await page([atWork('o-1')], { 'POST /operations/o-1/undo': { ...undoing, state: 'queued', done: 0 } })
    await screen.findByText('51 of 102')
    await told(scene, [edited])
    scene.edge.answer('GET /operations', { items: [undoing, { ...edited, may_undo: false, undone_by: 'o-2' }] })
    await scene.user.click(await screen.findByRole('button', { name: 'Undo' }))
    await screen.findByText('Undo an operation on leads')
    expect(lines()).toEqual(['o-1', 'o-2'])
    expect(screen.getByText('102 of 102 done · undone')).toBeDefined()
  })

  test('says why one may not be undone any more, and keeps it', async () => {
    const scene = await page([atWork('o-1')], { 'POST /operations/o-1/undo': refusal(409, 'late', 'It is more than 30 days ago') })
    await screen.findByText('51 of 102')
    await told(scene, [operation('o-1')])
    await scene.user.click(await screen.findByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('It is more than 30 days ago')).toBeDefined()
    expect(lines()).toEqual(['o-1'])
  })
})

describe('what cannot be asked', () => {
  test('an operation without the right to any is not even asked for', async () => {
    const { edge } = await page([atWork('o-1')], {}, [])
    await screen.findByRole('button', { name: 'Ask' })
    await new Promise((done) => setTimeout(done, 20))
    expect(edge.asked('GET /operations')).toEqual([])
    expect(dock()).toBeNull()
  })

  test('a failing answer leaves the page as it is, and the next one tells', async () => {
    const scene = await page(noAnswer)
    await answered(scene)
    expect(dock()).toBeNull()
    await told(scene, [atWork('o-1')])
    await screen.findByText('51 of 102')
    scene.edge.answer('GET /operations', refusal(503, 'busy', 'Not now'))
    await act(() => scene.client.invalidateQueries({ queryKey: keys.operations }))
    expect(screen.getByText('51 of 102')).toBeDefined()
  })

  test('an operation of nothing is 0 % of it done, and no division by it', async () => {
    await page([atWork('o-1', { total: 0, done: 0 })])
    expect(await screen.findByRole('link', { name: 'Bulk operation 0% done' })).toBeDefined()
  })

  test('a slow first answer leaves nothing half there', async () => {
    const slow = later<object>()
    await page(slow.answer)
    expect(dock()).toBeNull()
    act(() => slow.give({ items: [atWork('o-1')] }))
    await screen.findByText('51 of 102')
  })
})
