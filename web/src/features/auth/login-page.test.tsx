// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { call } from '@/api/call'
import { sessionOf } from '@/testing/company'
import { later, noAnswer, refusal, reply, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import type { Language } from '@/i18n/setup'
import { AgainDialog } from './again-dialog'
import { LoginPage } from './login-page'
import { safeNext } from './safe-next'
import { SetPasswordPage } from './set-password-page'

const plain: Routes = { 'GET /demo': { demo: false }, 'GET /session/options': { provider: null } }
const entered = { csrf: 't-1', user: { id: 'u-lin' } }

const page = (routes: Routes = {}, at = '/login', language: Language = 'en') => show(<LoginPage />, { at, language, routes: { ...plain, ...routes } })
type Scene = Awaited<ReturnType<typeof page>>

const enter = async ({ user }: Scene, email = 'lin@example.com', password = 'secret-1') => {
  if (email) await user.type(screen.getByLabelText('E-mail'), email)
  if (password) await user.type(screen.getByLabelText('Password'), password)
  await user.click(screen.getByRole('button', { name: 'Log in' }))
}

describe('logging in', () => {
  test('leads home, and what follows carries the token', async () => {
    const scene = await page({ 'POST /session': entered, 'POST /x': {} })
    await enter(scene, ' lin@example.com ')
    await arrivedAt(scene, '/home')
    expect(scene.edge.last('POST /session').body).toEqual({ email: 'lin@example.com', password: 'secret-1' })
    await call('POST', '/x')
    expect(scene.edge.last('POST /x').headers.get('X-CSRF-Token')).toBe('t-1')
  })

  test.each([
    ['/leads?filter=score+%3E+3', '/leads?filter=score+%3E+3'],
    ['/o/lead/1#follow-up', '/o/lead/1#follow-up'],
    ['//evil.example', '/home'],
    ['https://evil.example', '/home'],
    [String.raw`/\evil.example`, '/home'],
    ['javascript:alert(1)', '/home'],
    ['/login?next=/login', '/home'],
    ['', '/home'],
  ])('with next=%s goes to %s', async (next, address) => {
    const scene = await page({ 'POST /session': entered }, `/login?next=${encodeURIComponent(next)}`)
    await enter(scene)
    await arrivedAt(scene, address)
    expect(safeNext(next)).toBe(address)
  })

  test('forgets what somebody else read before', async () => {
    const scene = await page({ 'POST /session': entered })
    scene.client.setQueryData(['home'], { of: 'somebody else' })
    await enter(scene)
    await arrivedAt(scene, '/home')
    expect(scene.client.getQueryData(['home'])).toBeUndefined()
  })

  test('says what is missing before it asks anybody', async () => {
    const scene = await page()
    await scene.user.click(screen.getByRole('button', { name: 'Log in' }))
    expect(screen.getByText('Please enter your e-mail address')).toBeDefined()
    expect(screen.getByText('Please enter your password')).toBeDefined()
    expect(screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true')
    expect(scene.edge.asked('POST /session')).toEqual([])
  })

  test('a password of spaces is a password', async () => {
    const scene = await page({ 'POST /session': entered })
    await enter(scene, 'lin@example.com', '   ')
    await arrivedAt(scene, '/home')
    expect(scene.edge.last('POST /session').body).toMatchObject({ password: '   ' })
  })

  test('is asked once while the server is slow', async () => {
    const gate = later<object>()
    const scene = await page({ 'POST /session': gate.answer })
    await enter(scene)
    await waitFor(() => expect(document.querySelector('button[type=submit]')).toHaveProperty('disabled', true))
    await scene.user.type(screen.getByLabelText('Password'), '{Enter}')
    gate.give(entered)
    await arrivedAt(scene, '/home')
    expect(scene.edge.asked('POST /session')).toHaveLength(1)
  })
})

describe('a failure is said in words', () => {
  test.each<[string, unknown, string]>([
    ['a wrong password', refusal(401, 'bad_credentials', 'no'), 'E-mail address or password is wrong'],
    ['too many attempts', refusal(423, 'locked', 'no', [], { retry_after: 121 }), 'Too many wrong attempts; please try again in 3 minutes'],
    ['too many attempts, almost over', refusal(423, 'locked', 'no', [], { retry_after: 3 }), 'Too many wrong attempts; please try again in 1 minute'],
    ['too many at once', refusal(429, 'busy', 'no'), 'Too many attempts; please wait a few seconds'],
    ['no network', noAnswer, 'The server cannot be reached; please check your connection'],
    ['something of its own', refusal(403, 'disabled', 'This account is disabled'), 'This account is disabled'],
  ])('%s', async (_, answer, words) => {
    const scene = await page({ 'POST /session': answer })
    await enter(scene)
    expect((await screen.findByText(words)).getAttribute('role')).toBe('alert')
    expect(screen.getByLabelText<HTMLInputElement>('E-mail').value).toBe('lin@example.com')
    expect(scene.address()).toBe('/login')
  })

  test.each([
    ['not_known', 'There is no account for you here; please ask an administrator'],
    ['email_unverified', 'The provider has not verified your e-mail address'],
    ['something-new', 'The log-in did not work; please try again'],
  ])('of the provider: %s', async (code, words) => {
    await page({}, `/login?error=${code}`)
    expect((await screen.findByText(words)).getAttribute('role')).toBe('alert')
  })
})

describe('a second step', () => {
  const half = { csrf: 't-0', step: 'factor' }

  test('asks for the code, puts the focus there, and goes on', async () => {
    const scene = await page({ 'POST /session': half, 'POST /session/factor': entered }, '/login?next=/tasks')
    await enter(scene)
    const code = await screen.findByLabelText('Code')
    expect(document.activeElement).toBe(code)
    await scene.user.type(code, ' 123456 {Enter}')
    await arrivedAt(scene, '/tasks')
    expect(scene.edge.last('POST /session/factor').body).toEqual({ code: '123456' })
    expect(scene.edge.last('POST /session/factor').headers.get('X-CSRF-Token')).toBe('t-0')
  })

  test('with a wrong code can be tried again', async () => {
    const scene = await page({ 'POST /session': half, 'POST /session/factor': refusal(422, 'invalid', 'no', [{ path: 'code', code: 'wrong_code', message: 'no' }]) })
    await enter(scene)
    await scene.user.type(await screen.findByLabelText('Code'), '111111{Enter}')
    expect(await screen.findByText('The code is wrong, or was used before')).toBeDefined()
    expect(screen.getByLabelText('Code')).toBeDefined()
  })

  test('that took too long begins anew', async () => {
    const scene = await page({ 'POST /session': half, 'POST /session/factor': refusal(401, 'expired', 'Please begin again') })
    await enter(scene)
    await scene.user.type(await screen.findByLabelText('Code'), '111111{Enter}')
    expect(await screen.findByLabelText('Password')).toBeDefined()
    expect(screen.getByText('Please begin again')).toBeDefined()
  })

  test('can be left', async () => {
    const scene = await page({ 'POST /session': half })
    await enter(scene)
    await scene.user.click(await screen.findByRole('button', { name: 'Back' }))
    expect(screen.getByLabelText('Password')).toBeDefined()
  })

  test('is not sent without a code', async () => {
    const scene = await page({ 'POST /session': half })
    await enter(scene)
    await scene.user.type(await screen.findByLabelText('Code'), '  {Enter}')
    expect(scene.edge.asked('POST /session/factor')).toEqual([])
  })
})

describe('other ways in', () => {
  const demo = { demo: true, company: 'Clew Demo', logins: [{ email: 'leader@demo.example', password: 'p-1', role: 'leader', name: 'Zhou' }, { email: 'x@demo.example', password: 'p-2', role: 'of the company', name: 'Xu' }] }

  test('the demo’s people are one tap away, each with the role', async () => {
    const scene = await page({ 'GET /demo': demo, 'POST /session': entered })
    expect(await screen.findByRole('heading', { name: 'Clew Demo' })).toBeDefined()
    expect(screen.getByRole('button', { name: /Xu/ }).textContent).toContain('x@demo.example')
    await scene.user.click(screen.getByRole('button', { name: /Zhou.*Team leader/ }))
    await arrivedAt(scene, '/home')
    expect(scene.edge.last('POST /session').body).toEqual({ email: 'leader@demo.example', password: 'p-1' })
  })

  test('a company shows nobody', async () => {
    await page()
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Clew' })).toBeDefined())
    expect(screen.queryByText('Demo log-ins, one tap each')).toBeNull()
  })

  test('the provider’s door keeps where one wanted to go', async () => {
    await page({ 'GET /session/options': { provider: { label: 'Acme ID' } } }, '/login?next=%2Fleads%3Ffilter%3Dx')
    expect((await screen.findByRole('link', { name: 'Acme ID' })).getAttribute('href')).toBe('/auth/oidc?next=%2Fleads%3Ffilter%3Dx')
  })

  test('the language is chosen before one is in, and remembered', async () => {
    const { user } = await page()
    await user.click(screen.getByRole('button', { name: '中文' }))
    expect(await screen.findByRole('button', { name: '登录' })).toBeDefined()
    expect(document.documentElement.lang).toBe('zh-CN')
    expect(localStorage.getItem('clew.language')).toBe('zh-CN')
  })
})

describe('a session that ends at work', () => {
  const told = { ...sessionOf(), at: 0 }
  const dialog = async (routes: Routes = {}) => {
    const done = vi.fn()
    const scene = await show(<AgainDialog session={told} onDone={done} />, { routes: { ...plain, ...routes } })
    return { ...scene, done }
  }

  test('asks for the password alone, over the page', async () => {
    const { user, done, edge } = await dialog({ 'POST /session': entered })
    await screen.findByRole('dialog', { name: 'Your log-in has ended' })
    expect(screen.getByLabelText<HTMLInputElement>('E-mail')).toHaveProperty('readOnly', true)
    await user.type(screen.getByLabelText('Password'), 'secret-1{Enter}')
    await waitFor(() => expect(done).toHaveBeenCalledTimes(1))
    expect(edge.last('POST /session').body).toEqual({ email: 'lin@example.com', password: 'secret-1' })
  })

  test('keeps what was read, since it is the same person', async () => {
    const { user, done, client } = await dialog({ 'POST /session': entered })
    client.setQueryData(['home'], { kept: true })
    await user.type(await screen.findByLabelText('Password'), 'secret-1{Enter}')
    await waitFor(() => expect(done).toHaveBeenCalled())
    expect(client.getQueryData(['home'])).toEqual({ kept: true })
  })

  test('says when it failed, and does not go by Escape', async () => {
    const { user, done } = await dialog({ 'POST /session': refusal(401, 'bad_credentials', 'no') })
    await user.type(await screen.findByLabelText('Password'), 'wrong{Enter}')
    expect(await screen.findByText('E-mail address or password is wrong')).toBeDefined()
    await user.keyboard('{Escape}')
    expect(screen.getByRole('dialog', { name: 'Your log-in has ended' })).toBeDefined()
    expect(done).not.toHaveBeenCalled()
  })

  test('goes on by itself once the provider let one in elsewhere', async () => {
    const { done, edge } = await dialog({ 'GET /session/options': { provider: { label: 'Acme ID' } }, 'GET /session': refusal(401, 'signed_out', 'no') })
    await screen.findByRole('button', { name: 'Acme ID' })
    dispatchEvent(new Event('focus'))
    await waitFor(() => expect(edge.asked('GET /session')).toHaveLength(1))
    expect(done).not.toHaveBeenCalled()
    edge.answer('GET /session', sessionOf())
    dispatchEvent(new Event('focus'))
    await waitFor(() => expect(done).toHaveBeenCalledTimes(1))
  })
})

describe('a one-time link', () => {
  const at = async (routes: Routes) => {
    history.replaceState(null, '', '/set-password#token-1')
    return show(<SetPasswordPage />, { at: '/set-password', routes })
  }

  test('sets the password by the secret behind the #, and leads to the log-in', async () => {
    const scene = await at({ 'POST /session/reset': reply(204) })
    await scene.user.type(screen.getByLabelText('New password'), 'long enough{Enter}')
    await arrivedAt(scene, '/login')
    expect(scene.edge.last('POST /session/reset').body).toEqual({ token: 'token-1', password: 'long enough' })
    expect(await screen.findByText('The password is set. Please log in')).toBeDefined()
  })

  test.each([
    ['the field’s own reason', refusal(422, 'invalid', 'Please correct', [{ path: 'password', message: 'Too many people use this one' }]), 'Too many people use this one'],
    ['the answer’s', refusal(410, 'gone', 'This link was used already'), 'This link was used already'],
  ])('that is refused says why: %s', async (_, answer, words) => {
    const scene = await at({ 'POST /session/reset': answer })
    await scene.user.type(screen.getByLabelText('New password'), 'long enough{Enter}')
    expect((await screen.findByText(words)).getAttribute('role')).toBe('alert')
    expect(scene.address()).toBe('/set-password')
  })
})
