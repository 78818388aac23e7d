// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { field, leadObject } from '@/testing/company'
import { show } from '@/testing/show'
import { ConditionBuilder } from './condition-builder'
import { ItemLabel } from './condition-label'
import { readTree, treeText } from './condition-tree'

const fields = [...leadObject().fields, field('roles', 'choices', { choices: [{ name: 'tech', label: 'Technical' }, { name: 'money', label: 'Budget holder' }, { name: 'user', label: 'User' }] })]

let said = ''

function Builder({ first }: { first: string }) {
  const [group, setGroup] = useState(() => readTree(first, fields))
  useEffect(() => {
    said = treeText(group, fields)
  }, [group])
  return <ConditionBuilder group={group} fields={fields} onChange={setGroup} />
}

const builder = (first: string) => show(<Builder first={first} />, { routes: { 'GET /users': { items: [{ id: 'u-lin', name: 'Lin' }, { id: 'u-chen', name: 'Chen' }] } } })
const selects = (name: string) => screen.getAllByRole<HTMLSelectElement>('combobox', { name })
const comparisons = () => within(selects('Comparison')[0]).getAllByRole('option').map((one) => one.textContent)

describe('a condition', () => {
  test('of another field begins with the usual question of its type', async () => {
    const { user } = await builder('company = "Borui"')
    await user.selectOptions(selects('Field')[0], 'Budget')
    expect(selects('Comparison')[0].value).toBe('equal')
    expect(said).toBe('')
    await user.type(screen.getByRole('textbox', { name: 'Value' }), '5000')
    expect(said).toBe('budget = 5000')
  })

  test.each([
    ['company', ['contains', 'does not contain', 'is', 'is not', 'starts with', 'is blank', 'is not blank']],
    ['vip', ['is yes', 'is no']],
    ['visit', ['is today', 'in the last days', 'within days', 'has passed', 'is on', 'is on or after', 'is on or before', 'is after', 'is before', 'is blank', 'is not blank']],
    ['owner', ['is me', 'is in my team', 'is', 'is not', 'is blank', 'is not blank']],
  ])('of %s is compared in the words of its type', async (name, words) => {
    const { user } = await builder('company = "x"')
    await user.selectOptions(selects('Field')[0], name)
    expect(comparisons()).toEqual(words)
  })

  test('asks for a value only where there is one to give', async () => {
    const { user } = await builder('company = "Borui"')
    await user.selectOptions(selects('Comparison')[0], 'is blank')
    expect(screen.queryByRole('textbox', { name: 'Value' })).toBeNull()
    expect(said).toBe('ISBLANK(company)')
  })

  test('keeps what was typed for another comparison of the same kind', async () => {
    const { user } = await builder('company = "Borui"')
    await user.selectOptions(selects('Comparison')[0], 'starts with')
    expect(said).toBe('STARTSWITH(company, "Borui")')
  })

  test('takes no count of days for a day, nor a day for a count', async () => {
    const { user } = await builder('visit >= TODAY() - 7')
    await user.selectOptions(selects('Comparison')[0], 'is on')
    expect(said).toBe('')
    await user.selectOptions(selects('Comparison')[0], 'in the last days')
    expect(said).toBe('')
    await user.type(screen.getByRole('spinbutton', { name: 'Days' }), '3')
    await user.selectOptions(selects('Comparison')[0], 'within days')
    expect(said).toBe('visit <= TODAY() + 3')
  })

  test('may take several choices, and lets go of them one by one', async () => {
    const { user } = await builder('status = "new"')
    await user.click(screen.getByRole('checkbox', { name: 'Won' }))
    expect(said).toBe('status IN ("new", "won")')
    await user.click(screen.getByRole('checkbox', { name: 'New' }))
    expect(said).toBe('status = "won"')
  })

  test('of several choices asks for any of those that are tapped', async () => {
    const { user } = await builder('CONTAINS(roles, "tech")')
    await user.click(screen.getByRole('checkbox', { name: 'User' }))
    expect(said).toBe('(CONTAINS(roles, "tech") OR CONTAINS(roles, "user"))')
    await user.selectOptions(selects('Comparison')[0], 'does not contain')
    expect(said).toBe('NOT (CONTAINS(roles, "tech") OR CONTAINS(roles, "user"))')
    await user.click(screen.getByRole('checkbox', { name: 'Technical' }))
    expect(said).toBe('NOT CONTAINS(roles, "user")')
    await user.click(screen.getByRole('checkbox', { name: 'User' }))
    expect(said).toBe('')
  })

  test('of several choices is found again in what was saved, with the choices turned on', async () => {
    await builder('vip AND (CONTAINS(roles, "tech") OR CONTAINS(roles, "user"))')
    const on = screen.getAllByRole<HTMLInputElement>('checkbox').filter(({ checked }) => checked)
    expect(on.map((one) => one.closest('label')?.textContent)).toEqual(['Technical', 'User'])
  })

  test('names people by their names, and asks by their ids', async () => {
    const { user } = await builder('owner = "u-lin"')
    expect(await screen.findByRole('button', { name: 'Remove Lin' })).toBeDefined()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Add a person' }), 'Chen')
    expect(said).toBe('owner IN ("u-lin", "u-chen")')
    await user.click(screen.getByRole('button', { name: 'Remove Lin' }))
    expect(said).toBe('owner = "u-chen"')
  })
})

describe('groups', () => {
  test('are joined otherwise by one choice', async () => {
    const { user } = await builder('vip AND status = "new"')
    const how = screen.getByRole<HTMLSelectElement>('combobox', { name: 'How they go together' })
    for (const [kind, text] of [['any', 'vip OR status = "new"'], ['none', 'NOT (vip OR status = "new")'], ['notAll', 'NOT (vip AND status = "new")'], ['all', 'vip AND status = "new"']]) {
      await user.selectOptions(how, kind)
      expect(said).toBe(text)
    }
  })

  test('stand in each other, joined the other way at first', async () => {
    const { user } = await builder('company = "x"')
    await user.click(screen.getByRole('button', { name: 'Group' }))
    const inner = within(screen.getAllByRole('group').at(-1) as HTMLElement)
    expect(screen.getAllByRole<HTMLSelectElement>('combobox', { name: 'How they go together' }).map(({ value }) => value)).toEqual(['all', 'any'])
    await user.type(inner.getByRole('textbox', { name: 'Value' }), 'Borui')
    await user.click(inner.getByRole('button', { name: 'Condition' }))
    await user.selectOptions(selects('Field')[2], 'Key account')
    expect(said).toBe('company = "x" AND (CONTAINS(company, "Borui") OR vip = TRUE)')
  })

  test('are not begun deeper than can be read, but what is deeper is shown', async () => {
    await builder('vip AND (status = "new" OR (company = "a" AND (company = "b" OR (company = "c" AND company = "d"))))')
    const deepest = screen.getAllByRole('group').at(-1) as HTMLElement
    expect(within(deepest).queryByRole('button', { name: 'Group' })).toBeNull()
    expect(said).toContain('company = "d"')
  })

  test('and conditions go one by one, the others stay', async () => {
    const { user } = await builder('company = "a" AND company = "b" AND company = "c"')
    await user.click(screen.getAllByRole('button', { name: 'Remove this condition' })[1])
    expect(said).toBe('company = "a" AND company = "c"')
  })

  test('what cannot be built stays as an expression, word for word', async () => {
    const { user } = await builder('vip = TRUE AND LEN(company) > 3')
    const text = screen.getByRole<HTMLInputElement>('textbox', { name: 'Expression' })
    expect(text.value).toBe('LEN(company) > 3')
    await user.clear(text)
    await user.type(text, 'LEN(contact) > 1')
    expect(said).toBe('vip = TRUE AND LEN(contact) > 1')
  })
})

describe('a filter in words', () => {
  test.each([
    ['status = "new"', 'Status is New'],
    ['NOT status IN ("new", "won")', 'Status is not New or Won'],
    ['visit >= TODAY() - 1', 'Visit in the last 1 day'],
    ['visit <= TODAY() + 7', 'Visit within 7 days'],
    ['budget >= 5000', 'Budget ≥ 5000'],
    ['visit > "2026-11-23"', 'Visit is after 2026-11-23'],
    ['owner = ME()', 'Owner is me'],
    ['ISBLANK(phone)', 'Phone is blank'],
    ['LEN(company) > 3', 'LEN(company) > 3'],
    ['(vip = TRUE OR status = "won")', '(Key account is yes or Status is Won)'],
    ['NOT (vip = TRUE AND status = "won")', 'not (Key account is yes and Status is Won)'],
    ['company = "a ""b"" c"', 'Company is a "b" c'],
  ])('%s reads “%s”', async (filter, words) => {
    const tree = readTree(filter, fields)
    const item = tree.items.length === 1 && !tree.not ? tree.items[0] : { group: tree }
    await show(<p data-testid="words"><ItemLabel item={item} fields={fields} /></p>)
    expect((await screen.findByTestId('words')).textContent).toBe(words)
  })

  test('names the person once the people are read', async () => {
    const [item] = readTree('owner = "u-chen"', fields).items
    await show(<p data-testid="words"><ItemLabel item={item} fields={fields} /></p>, { routes: { 'GET /users': { items: [{ id: 'u-chen', name: 'Chen' }] } } })
    await waitFor(() => expect(screen.getByTestId('words').textContent).toBe('Owner is Chen'))
  })
})
