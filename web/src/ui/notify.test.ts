import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dismiss, notify, notifyFailure, noticesNow, watchNotices } from './notify'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.runAllTimers()
  vi.useRealTimers()
})

test('a notice goes after a while, a failure later', () => {
  notify('saved')
  notifyFailure('refused')
  expect(noticesNow().map(({ message, failed }) => [message, failed])).toEqual([['saved', false], ['refused', true]])
  vi.advanceTimersByTime(5000)
  expect(noticesNow().map(({ message }) => message)).toEqual(['refused'])
  vi.advanceTimersByTime(3000)
  expect(noticesNow()).toEqual([])
})

test('watchers hear of each change until they leave', () => {
  const heard = vi.fn()
  const leave = watchNotices(heard)
  notify('one')
  dismiss(noticesNow()[0].id)
  leave()
  notify('two')
  expect(heard).toHaveBeenCalledTimes(2)
})
