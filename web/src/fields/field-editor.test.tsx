// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { field } from '@/testing/company'
import { show } from '@/testing/show'
import { FieldEditor } from './field-editor'
import type { FieldShape } from './field-value'

let told: unknown

function Editor({ of, first, fault }: { of: FieldShape; first: unknown; fault?: string }) {
  const [value, setValue] = useState(first)
  useEffect(() => {
    told = value
  }, [value])
  return <FieldEditor field={of} value={value} people={[]} zone={{ inputText: (text) => text, instantText: (text) => text }} fault={fault} onChange={setValue} />
}

const roles = field('roles', 'choices', { choices: [{ name: 'tech', label: 'Technical' }, { name: '预算、采购', label: 'Buying' }] })
const chip = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

describe('several choices', () => {
  test('are chips under the name of the field, and never text to be typed', async () => {
    await show(<Editor of={roles} first={['tech']} />)
    expect(screen.getByRole('group', { name: 'Roles' })).toBeDefined()
    expect(screen.queryByRole('textbox')).toBeNull()
    expect([chip('Technical').checked, chip('Buying').checked]).toEqual([true, false])
  })

  test('are told as names, whatever a name holds', async () => {
    const { user } = await show(<Editor of={roles} first={null} />)
    await user.click(chip('Buying'))
    expect(told).toEqual(['预算、采购'])
    await user.click(chip('Technical'))
    expect(told).toEqual(['tech', '预算、采购'])
  })

  test('that are all let go of are nothing', async () => {
    const { user } = await show(<Editor of={roles} first={['tech']} />)
    await user.click(chip('Technical'))
    expect(told).toBeNull()
  })

  test('of a value that is none are all off', async () => {
    await show(<Editor of={roles} first="tech" />)
    expect(chip('Technical').checked).toBe(false)
  })

  test('without options say what is stored', async () => {
    await show(<Editor of={{ ...roles, choices: undefined }} first={['tech']} />)
    expect(chip('tech').checked).toBe(true)
  })

  test('with a fault tell it with the group', async () => {
    await show(<Editor of={roles} first={null} fault="At least one" />)
    expect(screen.getByRole('group', { name: 'Roles', description: 'At least one' })).toBeDefined()
    expect(chip('Technical').getAttribute('aria-invalid')).toBe('true')
  })
})

describe('other fields', () => {
  test('one choice can be taken back', async () => {
    const { user } = await show(<Editor of={{ ...roles, type: 'choice' }} first="tech" />)
    await user.selectOptions(screen.getByRole('combobox', { name: 'Roles' }), '–')
    expect(told).toBeNull()
  })

  test('yes and no is one box with its name', async () => {
    const { user } = await show(<Editor of={field('vip', 'boolean')} first={null} />)
    await user.click(screen.getByRole('checkbox', { name: 'Vip' }))
    expect(told).toBe(true)
  })

  test('tags are typed, with commas of either keyboard', async () => {
    const { user } = await show(<Editor of={field('tags', 'tags')} first={['a']} />)
    await user.type(screen.getByRole('textbox', { name: 'Tags' }), '\uff0cb、c')
    expect(told).toEqual(['a', 'b', 'c'])
  })
})
