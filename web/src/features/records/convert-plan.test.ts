import { expect, test } from 'vitest'
import { wishOf, type Choices } from './convert-plan'

test.each<[string, Choices, object]>([
  ['nothing chosen', {}, {}],
  ['a known record', { company: { use: '7' } }, { company: { use: '7' } }],
  ['a new one although one is known', { company: { use: '' } }, { company: { new: true } }],
  ['fields of a new one', { project: { fields: { name: 'A' } } }, { project: { fields: { name: 'A' } } }],
  ['fields typed before a known one was taken are not sent', { company: { use: '7', fields: { name: 'B' } } }, { company: { use: '7' } }],
])('%s', (_, choices, wish) => {
  expect(wishOf(choices)).toEqual(wish)
})
