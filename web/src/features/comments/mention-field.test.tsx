// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { later, refusal, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { CommentBox } from './comment-box'

const people = [{ id: 'u-chen', name: 'Chen' }, { id: 'u-cheng', name: 'Cheng' }, { id: 'u-lin', name: 'Lin' }]
const box = async (routes: Routes = {}) => {
  const scene = await show(<CommentBox object="lead" id="l-1" />, {
    routes: {
      'GET /users': ({ query }: Asked) => ({ items: people.filter(({ name }) => name.toLowerCase().startsWith(query.q.toLowerCase())) }),
      'GET /records/lead/l-1/follow': { following: false },
      'POST /records/lead/l-1/comments': {},
      ...routes,
    },
  })
  return { ...scene, words: await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Comment' }) }
}
const offered = () => within(screen.getByRole('list', { name: 'Who should hear it' })).getAllByRole('button').map((one) => one.textContent)
const none = () => expect(screen.queryByRole('list', { name: 'Who should hear it' })).toBeNull()
const post = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Post' })

describe('a word to colleagues', () => {
  test('is not sent while there is none', async () => {
    const { edge, user, words } = await box()
    expect(post().disabled).toBe(true)
    await user.type(words, '   ')
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(edge.asked('POST /records/lead/l-1/comments')).toEqual([])
  })

  test('is sent by Ctrl and Enter, and the box is empty again; Enter alone begins a line', async () => {
    const { edge, user, words } = await box()
    await user.type(words, 'One{Enter}Two')
    expect(edge.asked('POST /records/lead/l-1/comments')).toEqual([])
    await user.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(words.value).toBe(''))
    expect(edge.last('POST /records/lead/l-1/comments').body).toEqual({ text: 'One\nTwo', mentions: [] })
  })

  test('that is refused stays, with the reason; of a person where the server names one', async () => {
    const { user, words } = await box({ 'POST /records/lead/l-1/comments': refusal(422, 'invalid', 'The input is wrong', [{ path: 'mentions[0]', message: 'Chen may not see this record' }]) })
    await user.type(words, 'Look')
    await user.click(post())
    expect(await screen.findByText('Chen may not see this record')).toBeDefined()
    expect(words.value).toBe('Look')
  })

  test('is sent once, however slow the server is', async () => {
    const gate = later<unknown>()
    const { edge, user, words } = await box({ 'POST /records/lead/l-1/comments': gate.answer })
    await user.type(words, 'Look')
    await user.click(post())
    await user.click(post())
    expect(edge.asked('POST /records/lead/l-1/comments')).toHaveLength(1)
    gate.give({})
    await waitFor(() => expect(words.value).toBe(''))
  })
})

describe('an @', () => {
  test('offers people by what is typed behind it, and the first is taken by Enter', async () => {
    const { edge, user, words } = await box()
    await user.type(words, 'Please @ch')
    await waitFor(() => expect(offered()).toEqual(['Chen', 'Cheng']))
    expect(edge.last('GET /users').query).toMatchObject({ q: 'ch', active: '1' })
    await user.keyboard('{Enter}')
    expect(words.value).toBe('Please @Chen ')
    none()
    await user.type(words, 'call')
    await user.click(post())
    await waitFor(() => expect(edge.last('POST /records/lead/l-1/comments').body).toEqual({ text: 'Please @Chen call', mentions: ['u-chen'] }))
  })

  test('another is chosen by the arrow keys, round and round, or by a tap', async () => {
    const { user, words } = await box()
    await user.type(words, '@ch')
    await waitFor(() => expect(offered()).toHaveLength(2))
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{Tab}')
    expect(words.value).toBe('@Cheng ')
    // The caret goes behind the name with the next picture.
    await new Promise(requestAnimationFrame)
    await user.type(words, '@l')
    await user.click(await screen.findByRole('button', { name: 'Lin' }))
    expect(words.value).toBe('@Cheng @Lin ')
  })

  test('is given up by Escape, and the words stay', async () => {
    const { user, words } = await box()
    await user.type(words, '@ch')
    await waitFor(() => expect(offered()).toHaveLength(2))
    await user.keyboard('{Escape}')
    none()
    expect(words.value).toBe('@ch')
  })

  test('in the middle of the words replaces what stands there alone', async () => {
    const { user, words } = await box()
    await user.type(words, 'Ask  today')
    words.setSelectionRange(4, 4)
    await user.type(words, '@li', { initialSelectionStart: 4, initialSelectionEnd: 4 })
    await waitFor(() => expect(offered()).toEqual(['Lin']))
    await user.keyboard('{Enter}')
    expect(words.value).toBe('Ask @Lin  today')
  })

  test('tells nobody whose name was taken out again', async () => {
    const { edge, user, words } = await box()
    await user.type(words, '@ch')
    await waitFor(() => expect(offered()).toHaveLength(2))
    await user.keyboard('{Enter}')
    await user.clear(words)
    await user.type(words, 'On my own')
    await user.click(post())
    await waitFor(() => expect(edge.last('POST /records/lead/l-1/comments').body).toEqual({ text: 'On my own', mentions: [] }))
  })

  test('in an address of e-mail offers people too, but takes none unasked', async () => {
    const { edge, user, words } = await box()
    await user.type(words, 'mail@chen.example is his')
    none()
    await user.click(post())
    await waitFor(() => expect(edge.last('POST /records/lead/l-1/comments').body).toMatchObject({ mentions: [] }))
  })

  test('while a word is being composed takes nobody by Enter', async () => {
    const { user, words } = await box()
    await user.type(words, '@ch')
    await waitFor(() => expect(offered()).toHaveLength(2))
    fireEvent.keyDown(words, { key: 'Enter', isComposing: true })
    expect(words.value).toBe('@ch')
    expect(offered()).toHaveLength(2)
  })
})
