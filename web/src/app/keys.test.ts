import { describe, expect, test } from 'vitest'
import { leaps, wishOf } from './keys'

const places = ['/home', '/leads', '/tasks', '/calendar', '/inbox']
const press = (key: string, more: { after?: boolean; mayCreate?: boolean } = {}) => wishOf({ key, after: false, mayCreate: true, places, ...more })

describe('keys that are heard everywhere', () => {
  test.each(Object.entries(leaps).filter(([, to]) => places.includes(to)))('g and %s go to %s', (key, to) => {
    expect(press('g')).toBe('waits')
    expect(press(key, { after: true })).toEqual({ go: to })
  })

  test('nobody goes where he may not', () => expect(press('s', { after: true })).toBeUndefined())
  test('a letter alone is not a leap', () => expect(press('h')).toBeUndefined())
  test('another letter after g means nothing', () => expect(press('x', { after: true })).toBeUndefined())
  test('g twice still waits', () => expect(press('g', { after: true })).toBe('waits'))
  test('n makes a lead', () => expect(press('n')).toEqual({ go: '/leads/new' }))
  test('n makes none for those who may not', () => expect(press('n', { mayCreate: false })).toBeUndefined())
  test('? lists the keys, after a g too', () => expect([press('?'), press('?', { after: true })]).toEqual(['keys', 'keys']))
  test('capitals and other keys stay free', () => expect(['G', 'N', 'Enter', ' ', 'Escape', '/'].map((key) => press(key))).toEqual(Array.from({ length: 6 })))
})
