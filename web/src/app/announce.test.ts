import { expect, test } from 'vitest'
import { announced, badged, freshOf } from './announce'

const message = (id: string, kind = 'assigned', urgent = false) => ({ id, kind, urgent, at: '', text: id })
const alerts = { quiet: true, off: ['touched'], kinds: ['assigned', 'touched', 'other'], working: true }

test('the first look announces nothing; later what was not seen, the oldest first', () => {
  expect(freshOf([message('a')], null)).toEqual([])
  expect(freshOf([message('c'), message('b'), message('a')], new Set(['a'])).map(({ id }) => id)).toEqual(['b', 'c'])
})

test('a kind that is switched off is silent, an unknown one counts as other', () => {
  expect(announced(message('a', 'touched', true), alerts)).toBe(false)
  expect(announced(message('a', 'strange'), alerts)).toBe(true)
  expect(announced(message('a', 'strange'), { ...alerts, off: ['other'] })).toBe(false)
})

test('outside working time only what is urgent is announced', () => {
  const night = { ...alerts, working: false }
  expect(announced(message('a'), night)).toBe(false)
  expect(announced(message('a', 'assigned', true), night)).toBe(true)
  expect(announced(message('a'), { ...night, quiet: false })).toBe(true)
})

test('the title carries the number once', () => {
  expect(badged('Clew', 3)).toBe('(3) Clew')
  expect(badged('(3) Clew', 120)).toBe('(99+) Clew')
  expect(badged('(99+) Clew', 0)).toBe('Clew')
})
