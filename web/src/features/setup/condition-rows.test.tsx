// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { show } from '@/testing/show'
import { readTree } from '@/fields/condition-tree'
import { isAllText, rowFields } from './condition-fields'
import { ConditionRows } from './condition-rows'
import type { FieldOption } from './options'

const fields: FieldOption[] = [
  { name: 'source', label: 'Source', type: 'choice', choices: [{ name: '抖音', label: 'Douyin' }, { name: '展会', label: 'Fair' }] },
  { name: 'company', label: 'Company', type: 'text', choices: [] },
  { name: 'budget', label: 'Budget', type: 'currency', choices: [] },
  { name: 'further', label: 'Further', type: '', choices: [] },
]

/** A text with its rows below, as a condition of a document has them. */
function Place({ first }: { first: string }) {
  const [text, setText] = useState(first)
  return (
    <>
      <textarea aria-label="Condition" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <ConditionRows value={text} fields={fields} onChange={setText} />
    </>
  )
}

const text = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Condition' }).value
const open = async (first: string) => {
  const scene = await show(<Place first={first} />)
  await scene.user.click(await screen.findByRole('button', { name: 'Choose row by row' }))
  return scene
}

test('a condition is chosen without typing an expression', async () => {
  const { user } = await open('')
  expect(text()).toBe('')
  await user.click(screen.getByRole('checkbox', { name: 'Douyin' }))
  expect(text()).toBe('source = "抖音"')
  await user.click(screen.getByRole('button', { name: 'Condition' }))
  await user.selectOptions(screen.getAllByRole('combobox', { name: 'Field' })[1], 'Budget')
  await user.selectOptions(screen.getAllByRole('combobox', { name: 'Comparison' })[1], 'at_least')
  expect(text()).toBe('source = "抖音"')
  await user.type(screen.getByRole('textbox', { name: 'Value' }), '5000')
  expect(text()).toBe('source = "抖音" AND budget >= 5000')
})

test('what stands in the text is read into rows, in any of its spellings', async () => {
  const { user } = await open('Source=抖音 AND CONTAINS(company, "Borui")')
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Douyin' }).checked).toBe(true)
  await user.click(screen.getByRole('checkbox', { name: 'Fair' }))
  expect(text()).toBe('source IN ("抖音", "展会") AND CONTAINS(company, "Borui")')
})

test('what was typed meanwhile stands before the rows', async () => {
  const { user } = await open('budget > 1')
  await user.clear(screen.getByRole('textbox', { name: 'Condition' }))
  await user.type(screen.getByRole('textbox', { name: 'Condition' }), 'budget > 77')
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Value' }).value).toBe('77'))
})

test('a part that is no row keeps its words beside the rows', async () => {
  const { user } = await open('source = "抖音" AND DAYS(company) > 3')
  expect(screen.getByDisplayValue('DAYS(company) > 3')).toBeDefined()
  await user.click(screen.getByRole('checkbox', { name: 'Fair' }))
  expect(text()).toBe('source IN ("抖音", "展会") AND DAYS(company) > 3')
})

test.each(['budget * 2 > 10', 'further = "x"', 'IF(budget > 1, TRUE, FALSE) OR budget * 2 > 10'])('%s stays text, and it is said why', async (condition) => {
  await open(condition)
  expect(screen.getByText(/cannot be shown in rows/)).toBeDefined()
  expect(screen.queryByRole('combobox')).toBeNull()
  expect(text()).toBe(condition)
})

test('the fields of rows are those whose type is known, and the two instants', () => {
  const known = rowFields(fields, { created_at: 'Created' })
  expect(known.map(({ name, type }) => `${name} ${type}`)).toEqual(['source choice', 'company text', 'budget currency', 'created_at datetime'])
  expect(known.map(({ choices }) => choices?.length)).toEqual([2, undefined, undefined, undefined])
  expect(isAllText(readTree('created_at >= TODAY() - 3', known))).toBe(false)
  expect(isAllText(readTree('', known))).toBe(false)
})
