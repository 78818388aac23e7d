// @vitest-environment jsdom
import { onlineManager } from '@tanstack/react-query'
import { afterEach, describe, expect, test } from 'vitest'
import { Problem } from '@/api/call'
import { makeQueryClient, worthRetrying } from './query-client'

const problem = (status: number) => new Problem(status, 'x', [], { title: String(status) })

describe('asking again', () => {
  test.each([
    ['the server was too busy', problem(503), true],
    ['nothing answered at all', problem(0), true],
    ['the program broke', new Error('x'), true],
    ['the server said no', problem(403), false],
    ['there is no such thing', problem(404), false],
    ['somebody was quicker', problem(412), false],
  ])('helps where %s: twice and no more, or never', (_, error, helps) => {
    expect([0, 1, 2].map((failures) => worthRetrying(failures, error))).toEqual(helps ? [true, true, false] : [false, false, false])
  })
})

describe('without a network', () => {
  afterEach(() => onlineManager.setOnline(true))

  test('what is saved fails at once, and says so', async () => {
    onlineManager.setOnline(false)
    const client = makeQueryClient()
    let tries = 0
    const save = client.getMutationCache().build(client, {
      mutationFn: () => {
        tries++
        return Promise.reject(problem(0))
      },
    })
    await expect(save.execute(undefined)).rejects.toThrow()
    // It is the person who tries again: the server may have had it.
    expect(tries).toBe(1)
    expect(save.state.isPaused).toBe(false)
    client.clear()
  })

  test('what is read is tried, and not waited for in silence', async () => {
    onlineManager.setOnline(false)
    const client = makeQueryClient()
    await expect(client.fetchQuery({ queryKey: ['x'], queryFn: () => Promise.reject(problem(404)) })).rejects.toThrow('404')
    client.clear()
  })
})
