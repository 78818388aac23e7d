// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { CatalogObject } from '@/api/catalog'
import { field, leadObject } from '@/testing/company'
import { later, refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { wordsOf } from '@/testing/words'
import { BoardPage } from './board-page'

const stages = [{ name: 'talk', label: 'Talking' }, { name: 'offer', label: 'Offered' }, { name: 'lost', label: 'Lost', closes: true }]
const project: CatalogObject = {
  ...leadObject(),
  name: 'project',
  label: 'Project',
  plural: 'Projects',
  title_field: 'name',
  fields: [field('name'), field('stage', 'choice', { choices: stages }), field('amount', 'currency'), field('owner', 'person'), field('lost_reason', 'choice', { label: 'Why lost', choices: [{ name: 'price', label: 'Price' }], required_when: { field: 'stage', choices: ['lost'] } })],
  views: [{ name: 'board', label: 'Board', filter: '', sort: '-amount', columns: ['name', 'amount', 'owner'], layout: 'board', group: 'stage', sum: 'amount' }],
}
const money = (amount: string) => ({ amount, currency: 'CNY' })
const card = (id: string, name: string, more = {}) => ({ id, name, amount: money('10.00'), owner: { id: 'u', label: 'Lin' }, created_at: '', updated_at: '', stage_since: '2026-11-20T02:00:00Z', ...more })
const column = (choice: string, label: string, count: number, more = {}) => ({ choice, label, count, sums: [money(`${count * 10}.00`)], filter: `stage = "${choice}"`, ...more })
const columns = [column('talk', 'Talking', 2), column('offer', 'Offered', 1), column('lost', 'Lost', 0, { closes: true, sums: [] }), column('', '', 0, { sums: [] })]

const inColumn: Record<string, ReturnType<typeof card>[]> = { talk: [card('1', 'Borui'), card('2', 'Hengtai', { stage_since: '2026-11-23T01:00:00Z' })], offer: [card('3', 'Kaida')] }
const cards = ({ query }: Asked) => ({ items: inColumn[/stage = "(\w*)"/.exec(query.filter)?.[1] ?? ''] ?? [] })

const board = (routes: Routes = {}, at = '/o/project?layout=board', object = project) =>
  show(<BoardPage />, { at, path: '/o/$object', routes: { 'GET /catalog': { objects: [object] }, 'GET /records/project/board': { group: 'stage', sum: 'amount', columns }, 'GET /records/project': cards, ...routes } })

const place = (name: string) => screen.getByRole('region', { name: new RegExp(`^${name}`) })
const names = (name: string) => within(place(name)).queryAllByRole('link').map(wordsOf)

describe('the columns', () => {
  test('tell their count and sum, and each card what it is and for how long', async () => {
    await board()
    expect(await screen.findByRole('link', { name: 'Borui' })).toBeDefined()
    expect(screen.getAllByRole('region').map((one) => one.getAttribute('aria-label'))).toEqual(['Talking 2', 'Offered 1', 'Lost 0', '(blank) 0'])
    expect(place('Talking').textContent).toContain('¥20.00')
    await waitFor(() => expect(names('Talking')).toEqual(['Borui', 'Hengtai']))
    expect(place('Talking').textContent).toContain('3 days here')
    expect(place('Talking').textContent).toContain('since today')
    expect(await within(place('Lost')).findByText('Nothing here')).toBeDefined()
  })

  test('ask for their cards in the order of the view', async () => {
    const { edge } = await board()
    await screen.findByRole('link', { name: 'Kaida' })
    expect(edge.asked('GET /records/project').map(({ query }) => query.filter).toSorted()).toEqual(columns.map(({ filter }) => filter).toSorted())
    expect(edge.last('GET /records/project').query).toMatchObject({ sort: '-amount', limit: '20' })
  })

  test('show more when asked', async () => {
    const { user } = await board({
      'GET /records/project/board': { group: 'stage', columns: [column('talk', 'Talking', 3)] },
      'GET /records/project': ({ query }: Asked) => (query.cursor ? { items: [card('9', 'Later')] } : { items: inColumn.talk, next_cursor: 'c' }),
    })
    await user.click(await screen.findByRole('button', { name: '1 more' }))
    await waitFor(() => expect(names('Talking')).toEqual(['Borui', 'Hengtai', 'Later']))
  })

  test('of an object without a board are not there', async () => {
    await board({}, '/o/project', { ...project, views: [] })
    expect(await screen.findByText('This object has no board')).toBeDefined()
  })

  test('that cannot be read say why', async () => {
    await board({ 'GET /records/project/board': refusal(422, 'filter', 'No field “amout”') })
    expect((await screen.findByText('No field “amout”')).getAttribute('role')).toBe('alert')
  })

  test('are narrowed by an expression in the address', async () => {
    const scene = await board()
    await scene.user.type(await screen.findByLabelText('Filter by an expression'), 'amount > 5 OR vip{Enter}')
    await arrivedAt(scene, '/o/project?layout=board&filter=amount+%3E+5+OR+vip')
    await waitFor(() => expect(scene.edge.last('GET /records/project/board').query.filter).toBe('amount > 5 OR vip'))
    await waitFor(() => expect(scene.edge.asked('GET /records/project').map(({ query }) => query.filter)).toContain('(amount > 5 OR vip) AND stage = "talk"'))
  })
})

describe('a card', () => {
  const move = async (user: Awaited<ReturnType<typeof board>>['user'], name: string, to: string) => {
    await user.click(await screen.findByRole('button', { name: `Move ${name}` }))
    await user.click(screen.getByRole('menuitem', { name: `To ${to}` }))
  }

  test('moves by its menu, to every other column', async () => {
    const { user } = await board()
    await user.click(await screen.findByRole('button', { name: 'Move Borui' }))
    expect(screen.getAllByRole('menuitem').map((one) => one.textContent)).toEqual(['To Offered', 'To Lost'])
  })

  test('lies in its new column before the server has answered', async () => {
    const gate = later<object>()
    const { edge, user } = await board({ 'PATCH /records/project/1': gate.answer })
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    await waitFor(() => expect(names('Offered')).toEqual(['Borui', 'Kaida']))
    expect(names('Talking')).toEqual(['Hengtai'])
    expect(edge.last('PATCH /records/project/1').body).toEqual({ stage: 'offer' })
    gate.give({})
    expect(await screen.findByText('Moved to Offered')).toBeDefined()
  })

  test('goes back when the server refuses, with the reason', async () => {
    const { user } = await board({ 'PATCH /records/project/1': refusal(422, 'invalid', 'An offer needs an amount') })
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    expect(await screen.findByText('An offer needs an amount')).toBeDefined()
    await waitFor(() => expect(names('Talking')).toEqual(['Borui', 'Hengtai']))
    expect(screen.queryByText('Moved to Offered')).toBeNull()
  })

  test('is moved back by undo', async () => {
    const { edge, user } = await board({ 'PATCH /records/project/1': {} })
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(edge.last('PATCH /records/project/1').body).toEqual({ stage: 'talk' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull())
  })

  test('to a choice that asks why waits for the answer', async () => {
    const { edge, user } = await board({ 'PATCH /records/project/1': {} })
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Lost')
    const dialog = within(await screen.findByRole('dialog', { name: 'Why?' }))
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    expect(dialog.getByText('Choose a reason')).toBeDefined()
    expect(edge.asked('PATCH /records/project/1')).toEqual([])
    await user.click(dialog.getByRole('radio', { name: 'Price' }))
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last('PATCH /records/project/1').body).toEqual({ stage: 'lost', lost_reason: 'price' }))
  })

  test('to a choice that asks for a day or a line takes them, typed as the reader writes', async () => {
    const asked = { required_when: { field: 'stage', choices: ['offer'] } }
    const signing = { ...project, fields: [...project.fields, field('signed_on', 'date', asked), field('number', 'text', asked)] }
    const { edge, user } = await board({ 'PATCH /records/project/1': {} }, undefined, signing)
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    const dialog = within(await screen.findByRole('dialog', { name: 'Why?' }))
    const day = dialog.getByRole<HTMLInputElement>('textbox', { name: 'Signed on' })
    expect(day.type).toBe('text')
    await user.type(day, '2026-11-30')
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    expect(edge.asked('PATCH /records/project/1')).toEqual([])
    await user.type(dialog.getByRole('textbox', { name: 'Number' }), 'HT-7')
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last('PATCH /records/project/1').body).toEqual({ stage: 'offer', signed_on: '2026-11-30', number: 'HT-7' }))
  })

  test('to a choice that asks for money, a person, a record and a yes or no takes each', async () => {
    const asked = { required_when: { field: 'stage', choices: ['offer'] } }
    const deal = { ...project, fields: [...project.fields, field('price', 'currency', asked), field('engineer', 'person', asked), field('firm', 'reference', { ...asked, object: 'company' }), field('approved', 'boolean', asked)] }
    const { edge, user } = await board(
      { 'PATCH /records/project/1': {}, 'GET /users': { items: [{ id: 'u-1', name: 'Chen' }] }, 'GET /search': { groups: [{ object: 'company', label: 'Company', items: [{ object: 'company', id: 'c-1', title: { text: 'Hengtai Ltd', spans: [] }, details: [] }] }] } },
      undefined,
      deal,
    )
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    const dialog = within(await screen.findByRole('dialog', { name: 'Why?' }))
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    expect(dialog.getByLabelText('Price').getAttribute('aria-invalid')).toBe('true')
    await user.type(dialog.getByLabelText('Price'), '1,200.50')
    await user.selectOptions(dialog.getByLabelText('Engineer'), 'Chen')
    await user.click(dialog.getByRole('radio', { name: 'No' }))
    await user.type(dialog.getByLabelText('Firm'), 'Heng')
    await user.click(await screen.findByRole('option', { name: /Hengtai Ltd/ }))
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(edge.last('PATCH /records/project/1').body).toEqual({ stage: 'offer', price: { amount: '1200.50', currency: 'CNY' }, engineer: 'u-1', firm: 'c-1', approved: false }))
  })

  test('that is refused for what was typed names the field', async () => {
    const deal = { ...project, fields: [...project.fields, field('price', 'currency', { required_when: { field: 'stage', choices: ['offer'] } })] }
    const { user } = await board({ 'PATCH /records/project/1': refusal(422, 'invalid_input', 'The input is wrong', [{ path: 'price', code: 'invalid_number', message: 'Not a number' }]) }, undefined, deal)
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Offered')
    const dialog = within(await screen.findByRole('dialog', { name: 'Why?' }))
    await user.type(dialog.getByLabelText('Price'), 'much')
    await user.click(dialog.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Price · Not a number')).toBeDefined()
  })

  test('stays when the question is left', async () => {
    const { edge, user } = await board()
    await screen.findByRole('link', { name: 'Kaida' })
    await move(user, 'Borui', 'Lost')
    await screen.findByRole('dialog', { name: 'Why?' })
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(names('Talking')).toContain('Borui')
    expect(edge.asked('PATCH /records/project/1')).toEqual([])
  })

  test('is neither moved nor dragged by whoever may not', async () => {
    await board({}, undefined, { ...project, can: { ...project.can, update: false } })
    const link = await screen.findByRole('link', { name: 'Borui' })
    expect(screen.queryByRole('button', { name: 'Move Borui' })).toBeNull()
    expect(link.closest('li')?.hasAttribute('data-movable')).toBe(false)
  })
})
