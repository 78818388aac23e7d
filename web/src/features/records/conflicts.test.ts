import { expect, test } from 'vitest'
import { conflictsOf } from './conflicts'

test('only what both sides changed, differently, is a conflict', () => {
  const base = { title: 'a', phone: '1', owner: { id: 'u1', label: 'Lin' }, product: null }
  const current = { title: 'theirs', phone: '1', owner: { id: 'u2', label: 'Wang' }, product: 'x' }
  const edits = { title: 'mine', phone: '2', owner: 'u2', product: 'x' }
  expect(conflictsOf(edits, base, current)).toEqual([{ name: 'title', mine: 'mine', theirs: 'theirs' }])
})
