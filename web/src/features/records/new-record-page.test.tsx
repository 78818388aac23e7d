// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { CatalogObject } from '@/api/catalog'
import { field, leadObject } from '@/testing/company'
import { later, noAnswer, refusal, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { NewRecordForm, NewRecordPage } from './new-record-page'

const asked = (...names: [string, boolean?][]): CatalogObject => leadObject({ forms: [{ name: 'lead.new', label: 'New', fields: names.map(([name, required]) => ({ name, required })) }] })
const short = asked(['company', true], ['contact'], ['phone', true], ['budget'])
const several: CatalogObject = {
  ...asked(['company', true], ['status'], ['source'], ['visit'], ['owner'], ['message'], ['partner'], ['budget'], ['roles']),
  fields: [...leadObject().fields.filter(({ name }) => name !== 'source'), field('source', 'choice', { choices: Array.from({ length: 12 }, (_, n) => ({ name: `s${n}`, label: `Source ${n}` })) }), field('partner', 'reference', { object: 'company' }), field('roles', 'choices', { choices: [{ name: 'tech', label: 'Technical' }, { name: '预算、采购', label: 'Budget, buying' }] })],
}

const made: string[] = []
const page = (object = short, routes: Routes = {}) => {
  made.length = 0
  return show(<NewRecordPage object="lead" onCreated={(id) => made.push(id)} />, {
    routes: {
      'GET /catalog': { objects: [object] },
      'POST /records/lead': { id: 'l-9' },
      'POST /records/lead/duplicates': { items: [] },
      'GET /users': { items: [{ id: 'u-chen', name: 'Chen' }] },
      'GET /search': { groups: [{ object: 'company', label: 'Company', items: [{ object: 'company', id: 'c1', title: { text: 'Borui', spans: [] }, details: [] }], next_cursor: null }] },
      ...routes,
    },
  })
}
const box = (name: string | RegExp) => screen.findByRole<HTMLInputElement>('textbox', { name })
const alarm = () => document.querySelector<HTMLElement>('form [role=alert]')
const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save lead' })

describe('the short form', () => {
  test('asks for the fields that the object names, and says which may be left', async () => {
    await page()
    expect((await box('Company')).required).toBe(true)
    expect((await box('Contact (optional)')).required).toBe(false)
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('New lead')
    // A phone offers the keys that fit.
    expect((await box('Phone')).type).toBe('tel')
    expect((await box('Budget (optional)')).inputMode).toBe('decimal')
  })

  test('of an object without one asks for what must be there', async () => {
    await page(leadObject({ forms: [] }))
    expect(await screen.findAllByRole('textbox')).toHaveLength(1)
  })

  test('sends what was typed as the API takes it, and leads on', async () => {
    const { edge, user } = await page()
    await user.type(await box('Company'), '  Borui ')
    await user.type(await box('Phone'), '138 0013 8000')
    await user.type(await box('Budget (optional)'), '120,000.50')
    await user.click(save())
    await waitFor(() => expect(made).toEqual(['l-9']))
    expect(edge.last('POST /records/lead').body).toEqual({ company: 'Borui', phone: '138 0013 8000', budget: { amount: '120000.50', currency: 'CNY' } })
  })

  test('with gaps asks nobody, marks each gap, and lets go of it as it is filled', async () => {
    const { edge, user } = await page()
    await user.type(await box('Company'), '   ')
    await user.click(save())
    expect(screen.getAllByText('Required')).toHaveLength(2)
    expect((await box(/^Phone/)).getAttribute('aria-invalid')).toBe('true')
    await user.type(await box(/^Phone/), '1')
    expect(screen.getAllByText('Required')).toHaveLength(1)
    expect(edge.asked('POST /records/lead')).toEqual([])
  })

  test('is sent by Enter, and once, however slow the server is', async () => {
    const gate = later<unknown>()
    const { edge, user } = await page(short, { 'POST /records/lead': gate.answer })
    await user.type(await box('Company'), 'Borui')
    await user.type(await box('Phone'), '13800138000{Enter}')
    await waitFor(() => expect(save().getAttribute('aria-busy') ?? String(save().disabled)).toBe('true'))
    await user.click(save())
    expect(edge.asked('POST /records/lead')).toHaveLength(1)
    gate.give({ id: 'l-7' })
    await waitFor(() => expect(made).toEqual(['l-7']))
  })

  test('that is refused says it beside the field, and keeps every word', async () => {
    const { user } = await page(short, { 'POST /records/lead': refusal(422, 'invalid', 'The input is wrong', [{ path: 'phone', message: 'No such number' }]) })
    await user.type(await box('Company'), 'Borui')
    await user.type(await box('Phone'), '12')
    await user.click(save())
    const phone = await box(/^Phone/)
    await waitFor(() => expect(document.getElementById(phone.getAttribute('aria-describedby') ?? '')?.textContent).toBe('No such number'))
    expect((await box('Company')).value).toBe('Borui')
    expect(made).toEqual([])
  })

  test('without a network says so, and can be sent again', async () => {
    const { edge, user } = await page(short, { 'POST /records/lead': noAnswer })
    await user.type(await box('Company'), 'Borui')
    await user.type(await box('Phone'), '13800138000')
    await user.click(save())
    await waitFor(() => expect(alarm()?.textContent).not.toBe(''))
    edge.answer('POST /records/lead', { id: 'l-9' })
    await user.click(save())
    await waitFor(() => expect(made).toEqual(['l-9']))
  })
})

describe('a field', () => {
  test('of few choices is tapped, and let go by a second tap where it may be left', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    const status = within(screen.getByRole('radiogroup', { name: 'Status (optional)' }))
    await user.click(status.getByRole('radio', { name: 'Talking' }))
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toEqual({ company: 'Borui', status: 'talking' }))
  })

  test('of several choices has a chip for each, and is sent as their names', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    const roles = within(screen.getByRole('group', { name: 'Roles (optional)' }))
    await user.click(roles.getByRole('checkbox', { name: 'Budget, buying' }))
    await user.click(roles.getByRole('checkbox', { name: 'Technical' }))
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toEqual({ company: 'Borui', roles: ['tech', '预算、采购'] }))
  })

  test('of several choices that are all let go of is not sent', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    await user.click(screen.getByRole('checkbox', { name: 'Technical' }))
    await user.click(screen.getByRole('checkbox', { name: 'Technical' }))
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toEqual({ company: 'Borui' }))
  })

  test('of several choices that the server refuses says so at its chips', async () => {
    const { user } = await page(several, { 'POST /records/lead': refusal(422, 'invalid', 'No', [{ path: 'roles', code: 'too_many', message: 'One role is enough' }]) })
    await user.type(await box('Company'), 'Borui')
    await user.click(screen.getByRole('checkbox', { name: 'Technical' }))
    await user.click(save())
    expect(await screen.findByText('One role is enough')).toBeDefined()
    expect(screen.getByRole('checkbox', { name: 'Technical' }).getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByRole('group', { name: 'Roles (optional)', description: 'One role is enough' })).toBeDefined()
  })

  test('of many choices is a list', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    await user.selectOptions(screen.getByRole('combobox', { name: 'Source (optional)' }), 'Source 11')
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toMatchObject({ source: 's11' }))
  })

  test('that names a person is chosen by name', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    await waitFor(() => expect(screen.getByRole('option', { name: 'Chen' })).toBeDefined())
    await user.selectOptions(screen.getByRole('combobox', { name: 'Owner (optional)' }), 'Chen')
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toMatchObject({ owner: 'u-chen' }))
  })

  test('that names another record is found by a few letters; nobody types an id', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    await user.type(screen.getByRole('combobox', { name: 'Partner (optional)' }), 'bo')
    await user.click(await screen.findByRole('option', { name: 'Borui' }))
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Partner (optional)' }).value).toBe('Borui')
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toMatchObject({ partner: 'c1' }))
  })

  test('of several lines takes them', async () => {
    const { edge, user } = await page(several)
    await user.type(await box('Company'), 'Borui')
    await user.type(await box('Message (optional)'), 'one{Enter}two')
    await user.click(save())
    await waitFor(() => expect(edge.last('POST /records/lead').body).toMatchObject({ message: 'one\ntwo' }))
  })
})

describe('somebody who may be known already', () => {
  const twin = { id: 'l-1', label: 'Borui', owner: { id: 'u-chen', label: 'Chen' }, status: 'Talking' }

  test('is shown once the number is typed, with the way there, and keeps nobody from saving', async () => {
    const { edge, user } = await page(short, { 'POST /records/lead/duplicates': { items: [twin] } })
    await user.type(await box('Company'), 'Bo')
    await user.type(await box('Phone'), '1380')
    await new Promise((done) => setTimeout(done, 400))
    expect(edge.asked('POST /records/lead/duplicates')).toEqual([])
    await user.type(await box('Phone'), '0138000')
    expect(await screen.findByText('This lead may be known already')).toBeDefined()
    expect(screen.getByRole('link', { name: 'Borui' }).getAttribute('href')).toBe('/o/lead/l-1')
    expect(screen.getByText(/owned by Chen/)).toBeDefined()
    expect(edge.last('POST /records/lead/duplicates').body).toEqual({ phone: '13800138000' })
    expect(save().disabled).toBe(false)
  })

  test('whom the reader may not see is named by the owner alone', async () => {
    const { user } = await page(short, { 'POST /records/lead/duplicates': { items: [{ owner: { id: 'u-chen', label: 'Chen' } }] } })
    await user.type(await box('Phone'), '13800138000')
    expect(await screen.findByText('A record you may not see')).toBeDefined()
    expect(screen.queryByRole('link')).toBeNull()
  })

  test('is not made twice: the words become a touch when that is wanted', async () => {
    const { edge, user } = await page(short, { 'POST /records/lead': refusal(409, 'duplicate', 'Known already', [], { duplicates: [twin] }) })
    await user.type(await box('Company'), 'Borui')
    await user.type(await box('Phone'), '13800138000')
    await user.click(save())
    const refused = within(await waitFor(() => alarm() ?? Promise.reject(new Error('nothing said'))))
    expect(refused.getByText('This lead is known already')).toBeDefined()
    edge.answer('POST /records/lead', { id: 'l-1' })
    await user.click(refused.getByRole('button', { name: 'Record as a touch' }))
    await waitFor(() => expect(made).toEqual(['l-1']))
    expect(edge.last('POST /records/lead').query.duplicate).toBe('touch')
    expect(edge.last('POST /records/lead').body).toEqual({ company: 'Borui', phone: '13800138000' })
  })
})

test('a record that is made beside another says what it belongs to, and sends it', async () => {
  const object = { ...short, fields: [...short.fields, field('project', 'reference', { object: 'project', label: 'Project' })] }
  const { edge, user } = await show(<NewRecordForm object={object} preset={{ project: { id: 'p-1', label: 'Frame' } }} onCreated={(id) => made.push(id)} />, { routes: { 'POST /records/lead': { id: 'l-9' }, 'POST /records/lead/duplicates': { items: [] } } })
  expect((await screen.findByText('Frame')).closest('p')?.textContent).toBe('Project Frame')
  await user.type(await box('Company'), 'Borui')
  await user.type(await box('Phone'), '13800138000')
  await user.click(save())
  await waitFor(() => expect(edge.last('POST /records/lead').body).toEqual({ project: 'p-1', company: 'Borui', phone: '13800138000' }))
})
