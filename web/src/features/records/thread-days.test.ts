import { expect, test } from 'vitest'
import { byDay, latestOf, type Entry } from './thread-days'

const entry = (id: string, at: string): Entry => ({ id, at, kind: 'changed', actor: { kind: 'user', label: '' }, params: {}, text: '' })

test('days are the company’s, not the browser’s or UTC’s', () => {
  const thread = [entry('3', '2026-11-24T16:30:00Z'), entry('2', '2026-11-24T15:30:00Z'), entry('1', '2026-11-23T23:00:00Z')]
  const days = byDay(thread, 'Asia/Shanghai')
  expect(days.map(({ day, entries }) => [day, entries.map(({ id }) => id)])).toEqual([
    ['2026-11-25', ['3']],
    ['2026-11-24', ['2', '1']],
  ])
})

test('an empty thread has no days', () => {
  expect(byDay([], 'Asia/Shanghai')).toEqual([])
})

test('the latest thing is the follow-up, not the clock that it stopped', () => {
  const thread = ['clock_satisfied', 'message', 'follow_up', 'received'].map((kind, i) => ({ ...entry(String(i), '2026-11-24T02:00:00Z'), kind }))
  expect(latestOf(thread)?.kind).toBe('follow_up')
  expect(latestOf(thread.slice(0, 2))?.kind).toBe('clock_satisfied')
  expect(latestOf([])).toBeUndefined()
})
