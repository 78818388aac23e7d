import { expect, it } from 'vitest'
import { certain, choices } from './merge-plan'
import type { MergeField } from './queries'

const field = (name: string, chosen: 'this' | 'other', fixed = false): MergeField => ({ name, label: name, chosen, fixed })

it('speaks unasked only of equal keys', () => {
  expect(certain([{ id: 'a', same: [] }, { id: 'b', same: ['电话'] }]).map(({ id }) => id)).toEqual(['b'])
})

it('sends every field that may be chosen', () => {
  const fields = [field('phone', 'this'), field('wechat', 'other'), field('score', 'this', true)]
  expect(choices(fields, {})).toEqual({ phone: 'this', wechat: 'other' })
  expect(choices(fields, { phone: 'other', score: 'other' })).toEqual({ phone: 'other', wechat: 'other' })
})
