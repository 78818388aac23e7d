import { describe, expect, test } from 'vitest'
import { placeOf, standing } from './first-steps'
import type { FirstStep, FirstSteps } from './types'

const step = (name: FirstStep['name'], done: boolean): FirstStep => ({ name, done, count: 0 })
const told = (steps: FirstStep[], more: Partial<FirstSteps> = {}): FirstSteps => ({ put_away: false, steps, ...more })

describe('what is shown of the steps', () => {
  test('nothing before they are known, once all are done, when there are none, and when they are put away', () => {
    const open = told([step('people', false)])
    expect(standing(undefined)).toBeNull()
    expect(standing(told([]))).toBeNull()
    expect(standing(told([step('people', true), step('backup', true)]))).toBeNull()
    expect(standing({ ...open, put_away: true })).toBeNull()
    expect(standing(open)).not.toBeNull()
  })

  test('the first that is open is the one to take, also when a later one is done', () => {
    const steps = [step('people', true), step('departments', false), step('pools', true), step('backup', false)]
    expect(standing(told(steps))).toEqual({ steps, done: 2, next: steps[1] })
  })
})

describe('a step leads to where it is done', () => {
  test.each([
    ['people', '/people', undefined],
    ['departments', '/people', { part: 'departments' }],
    ['pools', '/people', { part: 'pools' }],
    ['intake', '/channels', undefined],
    ['robot', '/setup/robot', undefined],
    ['calendar', '/setup/calendar', undefined],
    ['backup', '/health', undefined],
  ] as const)('%s: %s', (name, to, search) => {
    expect(placeOf({ name })).toEqual({ to, ...(search && { search }) })
  })

  test('a document of its own is opened', () => {
    expect(placeOf({ name: 'calendar', document: 'cn' })).toEqual({ to: '/setup/calendar/cn' })
  })
})
