// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, test } from 'vitest'
import { show } from '@/testing/show'
import { ManyChips } from './choice-chips'

const options = [{ name: 'tech', label: 'Technical evaluator' }, { name: 'money', label: 'Budget approver' }, { name: 'user', label: 'User' }]

function Chosen({ first = [], some = options, fault }: { first?: string[]; some?: typeof options; fault?: boolean }) {
  const [values, setValues] = useState(first)
  return (
    <div>
      <button type="button">before</button>
      <ManyChips label="Roles" options={some} values={values} fault={fault} onChange={setValues} />
      <button type="button">after</button>
      <output>{values.join(' ') || 'nothing'}</output>
    </div>
  )
}

const chosen = () => document.querySelector('output')?.textContent
const chip = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name })

describe('several choices', () => {
  test('are turned on and off by a tap, each for itself', async () => {
    const { user } = await show(<Chosen />)
    await user.click(chip('User'))
    await user.click(chip('Technical evaluator'))
    expect(chosen()).toBe('tech user')
    await user.click(chip('User'))
    expect(chosen()).toBe('tech')
    await user.click(chip('Technical evaluator'))
    expect(chosen()).toBe('nothing')
  })

  test('stand in the order of the options, however they were tapped or stored', async () => {
    const { user } = await show(<Chosen first={['user', 'tech']} />)
    await user.click(chip('Budget approver'))
    expect(chosen()).toBe('tech money user')
  })

  test('are a group with a name, and a word for each', async () => {
    await show(<Chosen first={['money']} />)
    expect(screen.getByRole('group', { name: 'Roles' }).querySelectorAll('input')).toHaveLength(3)
    expect(chip('Budget approver').checked).toBe(true)
    expect(chip('User').getAttribute('aria-invalid')).toBeNull()
  })

  test('say when they are refused', async () => {
    await show(<Chosen fault />)
    for (const one of screen.getAllByRole('checkbox')) expect(one.getAttribute('aria-invalid')).toBe('true')
  })

  test('one that is no option any more is seen, and can be let go of', async () => {
    const { user } = await show(<Chosen first={['gone', 'tech']} />)
    await user.click(chip('User'))
    expect(chosen()).toBe('tech user gone')
    await user.click(chip('gone'))
    expect(chosen()).toBe('tech user')
    expect(screen.queryByRole('checkbox', { name: 'gone' })).toBeNull()
  })

  test('without any option are an empty group', async () => {
    const { user } = await show(<Chosen some={[]} />)
    screen.getByText('before').focus()
    await user.tab()
    expect(document.activeElement?.textContent).toBe('after')
  })
})

describe('by the keyboard', () => {
  test('are one stop, left by Tab in either direction', async () => {
    const { user } = await show(<Chosen />)
    screen.getByText('before').focus()
    await user.tab()
    expect(document.activeElement).toBe(chip('Technical evaluator'))
    await user.tab()
    expect(document.activeElement?.textContent).toBe('after')
    await user.tab({ shift: true })
    expect(document.activeElement).toBe(chip('Technical evaluator'))
  })

  test.each([
    ['{ArrowRight}', 'Budget approver'],
    ['{ArrowDown}{ArrowDown}', 'User'],
    ['{ArrowLeft}', 'User'],
    ['{ArrowRight}{ArrowRight}{ArrowRight}', 'Technical evaluator'],
    ['{End}{ArrowUp}', 'Budget approver'],
    ['{End}{Home}', 'Technical evaluator'],
    ['x', 'Technical evaluator'],
  ])('%s goes to %s', async (keys, name) => {
    const { user } = await show(<Chosen />)
    chip('Technical evaluator').focus()
    await user.keyboard(keys)
    expect(document.activeElement).toBe(chip(name))
    expect(chosen()).toBe('nothing')
  })

  test('the space bar turns one on and off', async () => {
    const { user } = await show(<Chosen />)
    chip('Technical evaluator').focus()
    await user.keyboard('{ArrowRight} ')
    expect(chosen()).toBe('money')
    await user.keyboard(' ')
    expect(chosen()).toBe('nothing')
  })

  test('come back to where they were left', async () => {
    const { user } = await show(<Chosen />)
    chip('Technical evaluator').focus()
    await user.keyboard('{End}')
    await user.tab()
    await user.tab({ shift: true })
    expect(document.activeElement).toBe(chip('User'))
  })

  test('stay reachable when the chip they were on is let go of for good', async () => {
    const { user } = await show(<Chosen first={['gone']} />)
    chip('gone').focus()
    await user.keyboard(' ')
    expect(chip('User').tabIndex).toBe(0)
  })
})

test('a tap gives the focus from chip to chip and never to nothing, so that nobody thinks they were left', async () => {
  const seen: (EventTarget | null)[] = []
  const { user } = await show(<div onBlur={({ relatedTarget }) => seen.push(relatedTarget)}><Chosen /></div>)
  await user.click(chip('Technical evaluator'))
  await user.click(chip('User'))
  expect(seen).toEqual([chip('User')])
})
