// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { SecurityPage } from './security-page'

const profile = (name: string, more = {}) => ({ name, min_length: 8, advised_length: 15, classes: 1, history: 0, max_age_days: 0, lock_minutes: 15, most_idle_minutes: 20160, ...more })
const rules = { profile: 'asvs', idle_minutes: 600, life_hours: 720, factor_roles: ['admin'], factor_grace_days: 7 }
const roles = [
  { name: 'admin', label: 'Administrator', people: 2, factor: 1, audit: false },
  { name: 'sales', label: 'Sales', people: 9, factor: 0, audit: false },
]
const view = { rules, profiles: [profile('asvs'), profile('mlps', { classes: 3, history: 5, max_age_days: 90, lock_minutes: 30, most_idle_minutes: 30 })], roles }
const provider = { enabled: false, label: '', issuer: '', client_id: '', allow_private: false, email_claim: 'email', trust_email: false, create: false, department: '', roles: [], group_claim: '', groups: [], has_secret: false, callback: 'https://crm.example/auth/oidc/callback' }

const page = (routes: Routes = {}) =>
  show(<SecurityPage />, {
    routes: {
      'GET /security/rules': view,
      'GET /security/provider': provider,
      'PUT /security/rules': ({ body }: Asked) => ({ ...view, rules: body }),
      'PUT /security/provider': ({ body }: Asked) => ({ ...provider, ...(body as object), has_secret: true }),
      'GET /departments': { items: [{ id: 'd-east', name: 'East' }] },
      ...routes,
    },
  })
const form = (n: number) => within(document.querySelectorAll('form')[n] as HTMLElement)
const saveOf = (n: number) => form(n).getByRole('button', { name: 'Save' })
const shown = () => screen.findByRole('radio', { name: 'OWASP ASVS (advised)' })
const type = (name: RegExp | string, text: string) => fireEvent.change(screen.getByLabelText(name), { target: { value: text } })

describe('how people come in', () => {
  test('tells each set of rules in figures, and who has a second factor', async () => {
    await page()
    await shown()
    expect(screen.getByText(/At least 8 characters of 3 of four kinds; changed every 90 days, none of the last 5/)).toBeDefined()
    expect(screen.getByText('1 of 2 have one')).toBeDefined()
  })

  test('stricter rules bring the idle time down to what they allow, looser ones leave it', async () => {
    const { edge, user } = await page()
    await user.click(await screen.findByRole('radio', { name: /MLPS/ }))
    expect(screen.getByLabelText<HTMLInputElement>(/^Log out after idle/).value).toBe('30')
    await user.click(await shown())
    expect(screen.getByLabelText<HTMLInputElement>(/^Log out after idle/).value).toBe('30')
    await user.click(saveOf(0))
    await waitFor(() => expect(edge.last('PUT /security/rules').body).toEqual({ ...rules, idle_minutes: 30 }))
    expect(await screen.findByText('Saved')).toBeDefined()
  })

  test('rules that part the audit from administration warn while nobody reads it', async () => {
    const { user } = await page()
    await user.click(await screen.findByRole('radio', { name: /MLPS/ }))
    const part = within(screen.getByRole('region', { name: 'Audit apart from administration' }))
    expect(part.getByText(/Nobody reads the audit yet/)).toBeDefined()
    expect(part.getByRole('link', { name: 'Open the roles' }).getAttribute('href')).toBe('/setup/role')
  })

  test('and name the roles that do', async () => {
    const { user } = await page({ 'GET /security/rules': { ...view, roles: [...roles, { name: 'auditor', label: 'Auditor', people: 1, factor: 0, audit: true }] } })
    await user.click(await screen.findByRole('radio', { name: /MLPS/ }))
    expect(screen.getByText('Roles that read the audit now: Auditor (1 person)')).toBeDefined()
    expect(screen.queryByText(/Nobody reads the audit yet/)).toBeNull()
  })

  test('a second factor is asked of the roles that are ticked', async () => {
    const { edge, user } = await page()
    await user.click(await screen.findByRole('checkbox', { name: /^Sales/ }))
    await user.click(screen.getByRole('checkbox', { name: /^Administrator/ }))
    type('Days of grace', '3')
    await user.click(saveOf(0))
    await waitFor(() => expect(edge.last('PUT /security/rules').body).toEqual({ ...rules, factor_roles: ['sales'], factor_grace_days: 3 }))
  })

  test('what is refused stands beside its field', async () => {
    const { user } = await page({ 'PUT /security/rules': refusal(422, 'invalid', 'The input is wrong', [{ path: 'idle_minutes', message: 'At most 30 under these rules' }]) })
    await shown()
    await user.click(saveOf(0))
    expect(await form(0).findByText('At most 30 under these rules')).toBeDefined()
    expect(screen.getByLabelText(/^Log out after idle/).closest('label')?.textContent).toContain('At most 30')
  })

  test('that cannot be read says why', async () => {
    await page({ 'GET /security/rules': refusal(403, 'forbidden', 'That is not yours to see') })
    expect(await screen.findByText('That is not yours to see')).toBeDefined()
  })
})

describe('the company’s own log-in', () => {
  const fill = async () => {
    await shown()
    type(/^Text of the button/, 'Acme account')
    type(/^Issuer/, 'https://login.acme.example')
    type(/^Client id/, 'clew')
  }

  test('shows the address to register there', async () => {
    await page()
    expect(await screen.findByText('https://crm.example/auth/oidc/callback')).toBeDefined()
  })

  test('is saved with its secret, which then is not shown again', async () => {
    const { edge, user } = await page()
    await fill()
    type(/^Client secret/, 'hush')
    await user.click(screen.getByRole('checkbox', { name: 'Show on the log-in page' }))
    await user.click(saveOf(1))
    await waitFor(() => expect(edge.last('PUT /security/provider').body).toMatchObject({ enabled: true, label: 'Acme account', issuer: 'https://login.acme.example', client_id: 'clew', secret: 'hush' }))
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>(/^Client secret/).value).toBe(''))
  })

  test('keeps the secret that there is when none is typed', async () => {
    const { edge, user } = await page({ 'GET /security/provider': { ...provider, has_secret: true } })
    await fill()
    expect(screen.getByLabelText<HTMLInputElement>(/^Client secret/).placeholder).toBe('Kept; blank leaves it')
    await user.click(saveOf(1))
    await waitFor(() => expect(edge.last('PUT /security/provider').body).not.toHaveProperty('secret'))
    // Nor is what the server alone says sent back to it.
    expect(edge.last('PUT /security/provider').body).not.toHaveProperty('callback')
  })

  test('is tried before anybody needs it, step by step', async () => {
    const { edge, user } = await page({ 'POST /security/provider/test': { checks: [{ name: 'discovery', ok: true }, { name: 'client', ok: false, message: 'invalid_client' }] } })
    await fill()
    await user.click(screen.getByRole('button', { name: 'Test the connection' }))
    const checks = within(await screen.findByRole('list', { name: 'Test the connection' })).getAllByRole('listitem')
    expect(checks.map((one) => one.textContent?.trim())).toEqual(['Address and description works', 'Client id and secret invalid_client'])
    expect(edge.asked('PUT /security/provider')).toEqual([])
  })

  test('asks for the department and roles of new people only where they are made', async () => {
    const { edge, user } = await page()
    await fill()
    expect(screen.queryByLabelText('Department of new people')).toBeNull()
    await user.click(screen.getByRole('checkbox', { name: 'Add people who have no account' }))
    await waitFor(() => expect(screen.getByRole('option', { name: 'East' })).toBeDefined())
    await user.selectOptions(screen.getByLabelText('Department of new people'), 'East')
    await user.click(within(screen.getByRole('group', { name: 'Roles of new people' })).getByRole('checkbox', { name: 'Sales' }))
    await user.click(saveOf(1))
    await waitFor(() => expect(edge.last('PUT /security/provider').body).toMatchObject({ create: true, department: 'd-east', roles: ['sales'] }))
  })

  test('gives roles by group where the provider tells groups', async () => {
    const { edge, user } = await page()
    await fill()
    type(/^Claim that lists groups/, 'groups')
    const groups = within(screen.getByRole('group', { name: /^Groups and roles/ }))
    await user.click(groups.getByRole('button', { name: 'Add' }))
    await user.click(groups.getByRole('button', { name: 'Add' }))
    fireEvent.change(groups.getAllByLabelText('Group')[0], { target: { value: 'staff' } })
    await user.selectOptions(groups.getAllByLabelText('Role')[0], 'Sales')
    await user.click(groups.getAllByRole('button', { name: 'Remove' })[1])
    await user.click(saveOf(1))
    await waitFor(() => expect(edge.last('PUT /security/provider').body).toMatchObject({ group_claim: 'groups', groups: [{ group: 'staff', role: 'sales' }] }))
  })

  test('that is refused says it at the field and below', async () => {
    const { user } = await page({ 'PUT /security/provider': refusal(422, 'invalid', 'The input is wrong', [{ path: 'issuer', message: 'Must begin with https://' }]) })
    await fill()
    await user.click(saveOf(1))
    expect(await screen.findByText('Must begin with https://')).toBeDefined()
    expect(screen.getByText('The input is wrong')).toBeDefined()
  })
})
