// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { refusal } from '@/testing/edge'
import { show } from '@/testing/show'
import { OwnComment } from './own-comment'

const at = '/records/lead/l-1/comments/l-1.7'
const said = { id: 'l-1.7', text: '@Chen call them', mentions: [{ id: 'u-1', label: 'Chen' }] }
const comment = (routes = {}) => show(<OwnComment object="lead" id="l-1" said={said} />, { routes: { 'GET /users': { items: [{ id: 'u-2', name: 'Wang' }] }, ...routes } })

test('other words keep whom they still name, and add whom they name now', async () => {
  const { edge, user } = await comment({ [`PATCH ${at}`]: {} })
  await user.click(await screen.findByRole('button', { name: 'Edit' }))
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit comment' })
  expect(field.value).toBe('@Chen call them')
  expect(document.activeElement).toBe(field)
  await user.type(field, ' today @Wa')
  await user.click(await screen.findByRole('button', { name: 'Wang' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(edge.last(`PATCH ${at}`).body).toEqual({ text: '@Chen call them today @Wang ', mentions: ['u-1', 'u-2'] }))
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeDefined()
})

test('what the server refuses stays to be mended; Escape leaves it as it was', async () => {
  const { user } = await comment({ [`PATCH ${at}`]: refusal(422, 'invalid', 'Not so', [{ path: 'mentions.0', message: 'Chen may not read it' }]) })
  await user.click(await screen.findByRole('button', { name: 'Edit' }))
  await user.keyboard('{Control>}{Enter}{/Control}')
  expect(await screen.findByText('Chen may not read it')).toBeDefined()
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('textbox')).toBeNull()
})

test('an empty comment is not saved', async () => {
  const { user } = await comment()
  await user.click(await screen.findByRole('button', { name: 'Edit' }))
  await user.clear(screen.getByRole('textbox'))
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
})

test('it is taken back only when that is said twice', async () => {
  const { edge, user } = await comment({ [`DELETE ${at}`]: refusal(409, 'comment_deleted', 'It was deleted already') })
  await user.click(await screen.findByRole('button', { name: 'Delete' }))
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(edge.asked(`DELETE ${at}`)).toHaveLength(0)
  await user.click(screen.getByRole('button', { name: 'Delete' }))
  await user.click(screen.getByRole('button', { name: 'Delete comment' }))
  expect(await screen.findByText('It was deleted already')).toBeDefined()
  edge.answer(`DELETE ${at}`, {})
  await user.click(screen.getByRole('button', { name: 'Delete comment' }))
  expect(await screen.findByRole('button', { name: 'Edit' })).toBeDefined()
})
