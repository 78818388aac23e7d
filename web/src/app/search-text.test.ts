import { expect, test } from 'vitest'
import { readSearch, writeSearch } from './search-text'

test.each([
  [{ filter: 'owner = ME() AND NOT ISBLANK(overdue_since)', sort: '-created_at' }],
  [{ filter: 'source="Expo & Co" AND score>=60' }],
  [{ q: '123' }],
  [{}],
])('%o survives the address', (search) => {
  expect(readSearch(writeSearch(search))).toEqual(search)
})

test('what is empty is left out', () => {
  expect(writeSearch({ filter: '', sort: undefined, view: 'all' })).toBe('?view=all')
})
