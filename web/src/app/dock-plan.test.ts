import { describe, expect, test } from 'vitest'
import type { Operation } from '@/api/operations'
import { pastOf, shownInDock } from './dock-plan'

const operation = (id: string, state: Operation['state']): Operation => ({ id, state, action: 'edit', object: 'lead', label: '线索', total: 1, done: 0, failed: 0, may_undo: false, may_resume: false, created_at: '' })

const all = [operation('d', 'running'), operation('c', 'done'), operation('b', 'stopped'), operation('a', 'queued')]
const shown = (past: string[], closed: string[] = []) => shownInDock(all, past, closed).map(({ id }) => id)

describe('in sight', () => {
  test('is what is at work, and what ended since one came', () => {
    expect(shown(['b', 'c'])).toEqual(['a', 'd'])
    expect(shown(['b'])).toEqual(['a', 'c', 'd'])
    expect(shown([])).toEqual(['a', 'b', 'c', 'd'])
  })

  test('is nothing that was put away, at work or not', () => {
    expect(shown(['b'], ['c', 'd'])).toEqual(['a'])
    expect(shown([], ['a', 'b', 'c', 'd'])).toEqual([])
  })
})

describe('past', () => {
  test.each<[string, string[] | undefined, string[]]>([
    ['is at first whatever has ended', undefined, ['c', 'b']],
    ['is later nothing that ended since', [], []],
    ['stays what it was', ['b'], ['b']],
    ['is not what goes on again', ['a', 'b'], ['b']],
    ['is not what is too old to be listed', ['z', 'c'], ['c']],
  ])('%s', (_, before, expected) => {
    expect(pastOf(all, before)).toEqual(expected)
  })
})
