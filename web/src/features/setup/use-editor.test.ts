// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { kept, keep } from './kept-text'
import { useEditor } from './use-editor'

const initial = { body: { name: 'claim', target: { minutes: 30 } }, tag: '"v1"' }

beforeEach(() => {
  localStorage.clear()
  vi.useRealTimers()
})

test('what is typed is kept on the device until it is saved', () => {
  const { result } = renderHook(() => useEditor('clock/claim', initial))
  expect(result.current).toMatchObject({ dirty: false, restored: 'no', canUndo: false })
  act(() => result.current.change(['target', 'minutes'], 45))
  expect(result.current.dirty).toBe(true)
  expect(kept('clock/claim')).toEqual({ body: { name: 'claim', target: { minutes: 45 } }, tag: '"v1"' })
  act(() => result.current.saved({ body: result.current.body, tag: '"d2"' }))
  expect(result.current.dirty).toBe(false)
  expect(kept('clock/claim')).toBeNull()
})

test('unsaved text comes back, and says when the document is another by now', () => {
  keep('clock/claim', { body: { name: 'claim', target: { minutes: 45 } }, tag: '"v1"' })
  const { result } = renderHook(() => useEditor('clock/claim', initial))
  expect(result.current).toMatchObject({ restored: 'yes', dirty: true, body: { target: { minutes: 45 } } })
  act(() => result.current.revert())
  expect(result.current).toMatchObject({ dirty: false, body: { target: { minutes: 30 } } })
  keep('clock/claim', { body: { name: 'claim', target: { minutes: 45 } }, tag: '"v0"' })
  expect(renderHook(() => useEditor('clock/claim', initial)).result.current.restored).toBe('outdated')
})

test('a word is one step of undo, two places are two', () => {
  vi.useFakeTimers()
  const { result } = renderHook(() => useEditor('clock/claim', initial))
  for (const minutes of [4, 45, 450]) act(() => result.current.change(['target', 'minutes'], minutes))
  act(() => result.current.change(['label', 'en'], 'Claim'))
  act(() => result.current.undo())
  expect(result.current.body).toEqual({ name: 'claim', target: { minutes: 450 } })
  act(() => result.current.undo())
  expect(result.current.body).toEqual(initial.body)
  expect(result.current.canUndo).toBe(false)
})

test('two changes before a drawing are both there', () => {
  const { result } = renderHook(() => useEditor('clock/claim', initial))
  act(() => {
    result.current.change(['target', 'minutes'], 45)
    result.current.change(['label', 'en'], 'Claim')
  })
  expect(result.current.body).toEqual({ name: 'claim', target: { minutes: 45 }, label: { en: 'Claim' } })
})

test('what cannot be read is nothing', () => {
  localStorage.setItem('clew.setup.clock/claim', '{"body"')
  expect(kept('clock/claim')).toBeNull()
  localStorage.setItem('clew.setup.clock/claim', '{"body":null}')
  expect(kept('clock/claim')).toBeNull()
})
