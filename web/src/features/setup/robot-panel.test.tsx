// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { EditorProvider } from './editor-context'
import { RobotPanel } from './robot-panel'

const robots = [
  { name: 'east', label: 'East', vendor: 'dingtalk', has_secret: false },
  { name: 'managers', label: 'Managers', vendor: 'wecom', has_secret: true },
]
const panel = (name: string, routes: Routes = {}, can = ['config.read', 'channels.write']) =>
  show(
    <EditorProvider value={{ language: 'en', kind: 'robot', name, body: {}, faults: [], change: () => {}, call: (_, text) => text }}>
      <RobotPanel />
    </EditorProvider>,
    { routes: { 'GET /session': sessionOf({ can }), 'GET /robots': { items: robots }, ...routes } },
  )

describe('a group’s robot', () => {
  test('is connected by the address that the messenger shows', async () => {
    const { user, edge } = await panel('east', { 'PUT /robots/east/secret': null })
    expect(await screen.findByText('Not connected: messages to this group wait.')).toBeDefined()
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Connect' })
    expect(button.disabled).toBe(true)
    await user.type(screen.getByLabelText('Webhook address'), 'https://oapi.dingtalk.com/robot/send?access_token=f00')
    await user.type(screen.getByLabelText('Signing secret'), ' SEC1 ')
    await user.click(button)
    await screen.findByText('The robot is connected; what waited goes out now')
    expect(edge.asked('PUT /robots/east/secret').map(({ body }) => body)).toEqual([{ key: 'https://oapi.dingtalk.com/robot/send?access_token=f00', secret: 'SEC1' }])
    await waitFor(() => expect(edge.asked('GET /robots')).toHaveLength(2))
    expect(screen.getByLabelText<HTMLInputElement>('Webhook address').value).toBe('')
  })

  test('of a vendor that does not sign is asked for no secret; its key is replaced, never shown', async () => {
    await panel('managers')
    expect(await screen.findByText('Connected. Nobody can read the key; a new one replaces it.')).toBeDefined()
    expect(screen.queryByLabelText('Signing secret')).toBeNull()
    expect(screen.getByRole('button', { name: 'Replace' })).toBeDefined()
  })

  test('says at the field what is wrong with the address', async () => {
    const { user } = await panel('east', { 'PUT /robots/east/secret': refusal(422, 'invalid_input', 'Not as expected', [{ path: 'key', code: 'no_webhook_key', message: 'There is no key in it.' }]) })
    await user.type(await screen.findByLabelText('Webhook address'), 'https://example.com/')
    await user.click(screen.getByRole('button', { name: 'Connect' }))
    expect(await screen.findByText('There is no key in it.')).toBeDefined()
    expect(screen.getByLabelText<HTMLInputElement>('Webhook address').value).toBe('https://example.com/')
  })

  test('that is a draft has to be published first', async () => {
    await panel('new-one')
    expect(await screen.findByText('Publish this robot first, then connect it here.')).toBeDefined()
    expect(screen.queryByLabelText('Webhook address')).toBeNull()
  })

  test('is nobody’s to connect without the right', async () => {
    const { edge } = await panel('east', {}, ['config.read'])
    await new Promise((done) => setTimeout(done))
    expect(edge.asked('GET /robots')).toEqual([])
    expect(screen.queryByRole('complementary')).toBeNull()
  })
})
