import { expect, it } from 'vitest'
import type { Operation } from '@/api/operations'
import { shownInDock } from './dock-plan'

const operation = (id: string, state: Operation['state']): Operation => ({ id, state, action: 'edit', object: 'lead', label: '线索', total: 1, done: 0, failed: 0, may_undo: false, may_resume: false, created_at: '' })

it('keeps what is at work, and what ended before the eyes', () => {
  const all = [operation('d', 'running'), operation('c', 'done'), operation('b', 'done'), operation('a', 'queued')]
  expect(shownInDock(all, [], []).map(({ id }) => id)).toEqual(['a', 'd'])
  expect(shownInDock(all, ['c'], []).map(({ id }) => id)).toEqual(['a', 'c', 'd'])
  expect(shownInDock(all, ['c'], ['c', 'd']).map(({ id }) => id)).toEqual(['a'])
})
