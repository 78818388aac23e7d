// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { field, leadObject } from '@/testing/company'
import { show } from '@/testing/show'
import { BulkEdit } from './bulk-edit'

const object = { ...leadObject(), fields: [field('visit_on', 'date'), field('call_at', 'datetime'), field('city'), field('roles', 'choices', { choices: [{ name: 'tech', label: 'Technical' }, { name: '预算、采购', label: 'Buying' }] })] }

const dialog = () =>
  show(<BulkEdit object={object} scope={{ ids: ['1', '2'] }} onClose={() => {}} onAsked={() => {}} />, { routes: { 'POST /operations': { id: 'o-1', count: 2, skipped: 0, sample: [] } } })

test.each([
  ['Visit on', { visit_on: '2026-11-30' }],
  ['City', { city: '2026-11-30' }],
])('%s of many records gets a value in our own field', async (label, fields) => {
  const { edge, user } = await dialog()
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Field' }), label)
  const input = screen.getByRole<HTMLInputElement>('textbox', { name: 'New value' })
  expect(input.type).toBe('text')
  await user.type(input, '2026-11-30')
  await user.click(await screen.findByRole('button', { name: 'Change 2' }))
  await waitFor(() => expect(edge.asked('POST /operations').find(({ query }) => !query.dry_run)?.body).toEqual({ object: 'lead', ids: ['1', '2'], action: 'edit', fields }))
})

test('a moment has a day and a time', async () => {
  const { user } = await dialog()
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Field' }), 'Call at')
  expect(document.querySelectorAll('input[type=datetime-local], input[type=date]')).toHaveLength(0)
  expect(screen.getAllByRole('textbox')).toHaveLength(2)
})

test('a moment is sent as the company’s clocks show it, and not before it is whole', async () => {
  const { edge, user } = await dialog()
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Field' }), 'Call at')
  await user.type(screen.getByLabelText('New value'), '11/30/2026')
  await user.clear(screen.getByLabelText('New value time of day'))
  await user.type(screen.getByLabelText('New value time of day'), '9:30')
  await user.tab()
  await user.click(await screen.findByRole('button', { name: 'Change 2' }))
  await waitFor(() => expect(edge.asked('POST /operations').find(({ query }) => !query.dry_run)?.body).toMatchObject({ fields: { call_at: '2026-11-30T01:30:00.000Z' } }))
})

test('several choices are tapped, and replace what is there', async () => {
  const { edge, user } = await dialog()
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Field' }), 'Roles')
  const roles = within(screen.getByRole('group', { name: 'New value' }))
  await user.click(roles.getByRole('checkbox', { name: 'Buying' }))
  await user.click(roles.getByRole('checkbox', { name: 'Technical' }))
  await user.click(await screen.findByRole('button', { name: 'Change 2' }))
  await waitFor(() => expect(edge.asked('POST /operations').find(({ query }) => !query.dry_run)?.body).toMatchObject({ fields: { roles: ['tech', '预算、采购'] } }))
})
