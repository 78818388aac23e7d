// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Operation } from '@/api/operations'
import { sessionOf } from '@/testing/company'
import { refusal, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { OperationsPage } from './operations-page'

const operation = (more: Partial<Operation> = {}): Operation => ({ id: 'o-1', action: 'assign', object: 'lead', label: 'Leads', state: 'done', owner: { id: 'u', label: 'Chen' }, total: 1200, done: 1200, failed: 0, may_undo: true, may_resume: false, created_at: '2026-11-23T01:00:00Z', ...more })
const page = (items: Operation[], routes: Routes = {}, more = {}) => show(<OperationsPage />, { at: '/operations', routes: { 'GET /session': sessionOf({ can: ['records.bulk'] }), 'GET /operations': { items, ...more }, ...routes } })
const line = () => document.querySelector('[data-operation]')?.textContent ?? ''

describe('an operation', () => {
  test.each<[Partial<Operation>, string]>([
    [{}, 'Assign leads to Chen'],
    [{ owner: undefined, pool: { id: 'east', label: 'East' } }, 'Assign leads to the pool “East”'],
    [{ owner: undefined }, 'Route leads again'],
    [{ action: 'edit', fields: [{ name: 'source', label: 'Source', text: 'Douyin' }] }, 'Edit leads: Source → Douyin'],
    [{ action: 'edit', fields: [{ name: 'source', label: 'Source' }] }, 'Edit leads: Source → blank'],
    [{ action: 'delete' }, 'Delete leads'],
    [{ action: 'restore' }, 'Restore deleted leads'],
    [{ action: 'undo' }, 'Undo an operation on leads'],
  ])('%j reads %s', async (more, headline) => {
    await page([operation(more)])
    expect(await screen.findByText(headline)).toBeDefined()
  })

  test('at work tells how far it is, and can be stopped', async () => {
    const { edge, user } = await page([operation({ state: 'running', done: 300, may_undo: false })], { 'POST /operations/o-1/stop': {} })
    const bar = await screen.findByRole<HTMLProgressElement>('progressbar', { name: '300 of 1,200' })
    expect(bar.value).toBe(0.25)
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(edge.asked('POST /operations/o-1/stop')).toHaveLength(1))
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  test('that ended is undone, or says why not', async () => {
    const { edge, user } = await page([operation()], { 'POST /operations/o-1/undo': refusal(409, 'late', 'It is more than 30 days ago') })
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('It is more than 30 days ago')).toBeDefined()
    edge.answer('POST /operations/o-1/undo', {})
    edge.answer('GET /operations', { items: [operation({ undone_by: 'o-2', may_undo: false })] })
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(line()).toContain('undone'))
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  test('tells what was not done, and why', async () => {
    const failures = { items: [{ record: { id: 'l-1', label: 'Borui' }, code: 'x', text: 'Refused', errors: [{ path: 'owner', code: 'x', message: 'Chen may not own it' }] }, { record: { id: 'l-2' }, code: 'x', text: 'Changed since' }], next_cursor: 'c' }
    const scene = await page([operation({ done: 1198, failed: 2 })], { 'GET /operations/o-1/failures': failures })
    await scene.user.click(await screen.findByRole('button', { name: '2 not done' }))
    expect(await screen.findByText('Chen may not own it')).toBeDefined()
    expect(screen.getByText('A record you cannot see')).toBeDefined()
    expect(screen.getByText('Only the first 200 are listed')).toBeDefined()
    await scene.user.click(screen.getByRole('link', { name: 'Borui' }))
    await arrivedAt(scene, '/o/lead/l-1')
  })

  test('that stopped says so, with its reason', async () => {
    await page([operation({ state: 'stopped', done: 5, problem: { code: 'x', message: 'The disk is full' } })])
    expect(await screen.findByText('The disk is full')).toBeDefined()
    expect(line()).toContain('Stopped · 5 of 1,200 done')
  })
})

test('a stopped one goes on, or says why it cannot', async () => {
  const { edge, user } = await page([operation({ state: 'stopped', done: 5, may_resume: true })], { 'POST /operations/o-1/resume': refusal(409, 'operation_not_resumable', 'It is older than 30 days') })
  await user.click(await screen.findByRole('button', { name: 'Go on' }))
  expect(await screen.findByText('It is older than 30 days')).toBeDefined()
  edge.answer('POST /operations/o-1/resume', {})
  edge.answer('GET /operations', { items: [operation({ state: 'running', done: 6, may_undo: false })] })
  await user.click(screen.getByRole('button', { name: 'Go on' }))
  await waitFor(() => expect(line()).toContain('6 of 1,200'))
  expect(screen.queryByRole('button', { name: 'Go on' })).toBeNull()
})

describe('operations of others', () => {
  const theirs = operation({ state: 'running', done: 5, failed: 2, may_undo: false, asker: { id: 'u-2', label: 'Chen' } })

  test('are not offered to who may not see them', async () => {
    await page([operation()])
    await screen.findByText('Assign leads to Chen')
    expect(screen.queryByRole('checkbox', { name: 'Those of others too' })).toBeNull()
  })

  test('are asked for, named by their asker and stopped, their failures and undo kept to him', async () => {
    const { edge, user } = await page([], { 'GET /session': sessionOf({ can: ['records.bulk', 'operations.all'] }), 'POST /operations/o-1/stop': {} })
    await screen.findByText(/No bulk operations yet/)
    edge.answer('GET /operations', { items: [theirs] })
    await user.click(screen.getByRole('checkbox', { name: 'Those of others too' }))
    expect(await screen.findByText('by Chen')).toBeDefined()
    expect(edge.last('GET /operations').query.all).toBe('1')
    expect(screen.queryByRole('button', { name: '2 not done' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(edge.asked('POST /operations/o-1/stop')).toHaveLength(1))
  })
})

test('nothing was done yet, and it says how to begin', async () => {
  await page([])
  expect(await screen.findByText(/No bulk operations yet/)).toBeDefined()
})

test('older ones are asked for', async () => {
  const { edge, user } = await page([operation()], {}, { next_cursor: 'c' })
  await user.click(await screen.findByRole('button', { name: 'Older' }))
  await waitFor(() => expect(edge.last('GET /operations').query.limit).toBe('60'))
})

test('what cannot be read is tried again', async () => {
  const { edge, user } = await page([], { 'GET /operations': refusal(503, 'busy', 'Not now') })
  await screen.findByText('Not now')
  edge.answer('GET /operations', { items: [operation()] })
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Assign leads to Chen')).toBeDefined()
})
