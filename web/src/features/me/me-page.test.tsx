// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal, reply, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { MePage } from './me-page'

const alerts = { kinds: ['assigned', 'clock_fired', 'other'], off: ['other'], quiet: true, working: true }
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
const here = { id: 's-1', device: chrome, address: '10.0.0.5', method: 'password', created_at: '2026-11-23T00:00:00Z', seen_at: '2026-11-23T02:00:00Z', current: true }
const phone = { ...here, id: 's-2', device: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604', address: '10.0.0.9', seen_at: '2026-11-22T02:00:00Z', current: false }

const page = (routes: Routes = {}) =>
  show(<MePage />, {
    at: '/me',
    routes: {
      'GET /alerts': alerts,
      'GET /session/factor': { enrolled: false, recovery_left: 0, due_at: null },
      'GET /sessions': { items: [here] },
      'GET /tokens': { items: [] },
      ...routes,
    },
  })
const section = (name: string) => within(screen.getByRole('region', { name }))

describe('the own account', () => {
  test('says who one is', async () => {
    await page()
    expect(await screen.findByRole('heading', { level: 1, name: 'Lin' })).toBeDefined()
    expect(screen.getByText('lin@example.com · East · Sales')).toBeDefined()
  })

  test('changes the language of everything, here and for the next visit', async () => {
    const { edge, user } = await page({ 'PATCH /session': sessionOf({ user: { language: 'zh-CN' } }) })
    await user.click(await screen.findByRole('button', { name: '中文' }))
    expect(await screen.findByRole('button', { name: '修改密码' })).toBeDefined()
    expect(edge.last('PATCH /session').body).toEqual({ language: 'zh-CN' })
  })

  test('is left by logging out; nothing that was read stays', async () => {
    const scene = await page({ 'DELETE /session': reply(204) })
    await scene.user.click(await screen.findByRole('button', { name: 'Log out' }))
    await arrivedAt(scene, '/login')
    expect(scene.edge.last('DELETE /session').headers.get('X-CSRF-Token')).toBe('csrf-1')
  })
})

describe('the password', () => {
  const change = async ({ user }: Awaited<ReturnType<typeof page>>) => {
    await user.type(await screen.findByLabelText('Current password'), 'old secret')
    await user.type(screen.getByLabelText('New password'), 'new secret')
    await user.click(screen.getByRole('button', { name: 'Change password' }))
  }

  test('is changed by the old one, and the fields are empty again', async () => {
    const scene = await page({ 'PATCH /session': sessionOf({ csrf: 't-2' }) })
    await change(scene)
    expect(await screen.findByText('Password changed')).toBeDefined()
    expect(scene.edge.last('PATCH /session').body).toEqual({ password: { old: 'old secret', new: 'new secret' } })
    expect(screen.getByLabelText<HTMLInputElement>('New password').value).toBe('')
  })

  test('that is refused says the field’s reason, and keeps what was typed', async () => {
    const scene = await page({ 'PATCH /session': refusal(422, 'invalid', 'Please correct', [{ path: 'password.old', message: 'That is not your password' }]) })
    await change(scene)
    expect((await screen.findByText('That is not your password')).getAttribute('role')).toBe('alert')
    expect(screen.getByLabelText<HTMLInputElement>('New password').value).toBe('new secret')
  })
})

describe('a second factor', () => {
  const made = { secret: 'ABCDEFGHIJ', qr: 'data:image/svg+xml,x' }
  const setUp = async (routes: Routes = {}) => {
    const scene = await page({ 'POST /session/factor/enrol': made, 'POST /session/factor/confirm': { codes: ['aaaa-1', 'bbbb-2'] }, ...routes })
    await scene.user.click(await screen.findByRole('button', { name: 'Set up a second factor' }))
    await screen.findByAltText('QR code for the authenticator app')
    return scene
  }

  test('is set up by scanning or typing, a code, and keeping the recovery codes', async () => {
    const { edge, user } = await setUp()
    expect(screen.getByText('ABCD EFGH IJ')).toBeDefined()
    await user.type(screen.getByLabelText('The code that the app shows'), ' 123456 ')
    await user.click(screen.getByRole('button', { name: 'Turn on' }))
    expect(await screen.findByText('aaaa-1')).toBeDefined()
    expect(edge.last('POST /session/factor/confirm').body).toEqual({ code: '123456' })
    expect(decodeURIComponent(screen.getByRole('link', { name: 'Download' }).getAttribute('href') ?? '')).toContain('aaaa-1\nbbbb-2')
    edge.answer('GET /session/factor', { enrolled: true, recovery_left: 10, due_at: null })
    await user.click(screen.getByRole('button', { name: 'I have kept them' }))
    expect(await screen.findByText('On, with 10 recovery codes left.')).toBeDefined()
    expect(screen.queryByText('aaaa-1')).toBeNull()
  })

  test('does not take a wrong code, and says why', async () => {
    const { user } = await setUp({ 'POST /session/factor/confirm': refusal(422, 'invalid', 'no', [{ path: 'code', message: 'The code is wrong' }]) })
    await user.type(screen.getByLabelText('The code that the app shows'), '1')
    await user.click(screen.getByRole('button', { name: 'Turn on' }))
    expect(await screen.findByText('The code is wrong')).toBeDefined()
    expect(screen.getByLabelText('The code that the app shows').getAttribute('aria-invalid')).toBe('true')
  })

  const on = { 'GET /session/factor': { enrolled: true, recovery_left: 1, due_at: null } }

  test('gives new recovery codes for a code', async () => {
    const { edge, user } = await page({ ...on, 'POST /session/factor/recovery': { codes: ['cccc-3'] } })
    expect(await screen.findByText('On, with 1 recovery code left.')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'New recovery codes' }))
    await user.type(screen.getByLabelText('Code or recovery code'), '654321{Enter}')
    expect(await screen.findByText('cccc-3')).toBeDefined()
    expect(edge.last('POST /session/factor/recovery').body).toEqual({ code: '654321' })
  })

  test('is turned off by a code', async () => {
    const { edge, user } = await page({ ...on, 'POST /session/factor/remove': reply(204) })
    await user.click(await screen.findByRole('button', { name: 'Turn off' }))
    edge.answer('GET /session/factor', { enrolled: false, recovery_left: 0, due_at: null })
    await user.type(screen.getByLabelText('Code or recovery code'), '654321{Enter}')
    expect(await screen.findByText('The second factor is off')).toBeDefined()
    expect(await screen.findByRole('button', { name: 'Set up a second factor' })).toBeDefined()
  })

  test('that the role needs cannot be turned off, and it says so', async () => {
    const { user } = await page({ ...on, 'POST /session/factor/remove': refusal(403, 'needed', 'Your role needs it') })
    await user.click(await screen.findByRole('button', { name: 'Turn off' }))
    await user.type(screen.getByLabelText('Code or recovery code'), '654321{Enter}')
    expect(await screen.findByText('Your role needs it')).toBeDefined()
  })
})

describe('where one is logged in', () => {
  test('is named as people call it; the others can be ended', async () => {
    const { edge, user } = await page({ 'GET /sessions': { items: [here, phone] }, 'DELETE /sessions/s-2': reply(204) })
    expect(await screen.findByText('Chrome · Windows')).toBeDefined()
    expect(screen.getByText('10.0.0.5 · This one')).toBeDefined()
    expect(screen.getByText('10.0.0.9 · Last used yesterday 10:00')).toBeDefined()
    expect(screen.queryByRole('button', { name: 'Log out Chrome · Windows' })).toBeNull()
    edge.answer('GET /sessions', { items: [here] })
    await user.click(screen.getByRole('button', { name: 'Log out Safari · iOS' }))
    await waitFor(() => expect(screen.queryByText('Safari · iOS')).toBeNull())
    expect(screen.queryByRole('button', { name: 'Log out all others' })).toBeNull()
  })

  test('all others at once, and how many', async () => {
    const { user } = await page({ 'GET /sessions': { items: [here, phone] }, 'POST /sessions/revoke': { count: 3 } })
    await user.click(await screen.findByRole('button', { name: 'Log out all others' }))
    expect(await screen.findByText('Ended 3 log-ins')).toBeDefined()
  })
})

describe('tokens', () => {
  const token = { id: 't-1', name: 'ERP', created_at: '2026-11-01T00:00:00Z', seen_at: null }

  test('are shown once when made, then only named', async () => {
    const { edge, user } = await page({ 'POST /tokens': { token: 'clew_secret' } })
    await user.type(await screen.findByLabelText('What for'), 'ERP')
    edge.answer('GET /tokens', { items: [token] })
    await user.click(screen.getByRole('button', { name: 'New token' }))
    expect(await screen.findByText('clew_secret')).toBeDefined()
    expect(await screen.findByText('Never used')).toBeDefined()
    expect(edge.last('POST /tokens').body).toEqual({ name: 'ERP' })
    expect(screen.getByLabelText<HTMLInputElement>('What for').value).toBe('')
  })

  test('are ended', async () => {
    const { edge, user } = await page({ 'GET /tokens': { items: [token] }, 'DELETE /tokens/t-1': reply(204) })
    await screen.findByText('ERP')
    edge.answer('GET /tokens', { items: [] })
    await user.click(screen.getByRole('button', { name: 'End the token ERP' }))
    await waitFor(() => expect(screen.queryByText('ERP')).toBeNull())
  })

  test('that may not be made say why', async () => {
    const { user } = await page({ 'POST /tokens': refusal(403, 'forbidden', 'Tokens are off in this company') })
    await user.type(await screen.findByLabelText('What for'), 'ERP{Enter}')
    expect(await screen.findByText('Tokens are off in this company')).toBeDefined()
  })
})

describe('what is announced', () => {
  const desktop = (answer: NotificationPermission) => vi.stubGlobal('Notification', Object.assign(class {}, { permission: answer, requestPermission: () => Promise.resolve(answer) }))

  test('is chosen by kind', async () => {
    const { edge, user } = await page({ 'PUT /alerts': alerts })
    const kind = await screen.findByLabelText<HTMLInputElement>('Everything else')
    expect([kind.checked, screen.getByLabelText<HTMLInputElement>('Assigned to me').checked]).toEqual([false, true])
    await user.click(kind)
    await waitFor(() => expect(edge.last('PUT /alerts').body).toEqual({ quiet: true, off: [] }))
    await user.click(screen.getByLabelText('Assigned to me'))
    await waitFor(() => expect((edge.last('PUT /alerts').body as { off: string[] }).off).toContain('assigned'))
  })

  test('is quiet outside of working hours when chosen', async () => {
    const { edge, user } = await page({ 'PUT /alerts': alerts })
    await user.click(await screen.findByLabelText(/Quiet outside working hours/))
    await waitFor(() => expect(edge.last('PUT /alerts').body).toEqual({ quiet: false, off: ['other'] }))
  })

  test('on the desktop only where the browser allows it', async () => {
    desktop('denied')
    const { user } = await page()
    const box = await screen.findByLabelText<HTMLInputElement>(/Desktop notifications/)
    await user.click(box)
    expect(await screen.findByText(/The browser did not allow notifications/)).toBeDefined()
    expect(box.checked).toBe(false)
  })

  test('on the desktop once allowed, on this device', async () => {
    desktop('granted')
    const { user } = await page()
    const box = await screen.findByLabelText<HTMLInputElement>(/Desktop notifications/)
    await user.click(box)
    await waitFor(() => expect(box.checked).toBe(true))
    expect(localStorage.getItem('clew.desktop')).toBe('1')
    await user.click(box)
    await waitFor(() => expect(localStorage.getItem('clew.desktop')).toBeNull())
    expect(section('Alerts')).toBeDefined()
  })
})
