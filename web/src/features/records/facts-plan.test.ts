import { expect, test } from 'vitest'
import { askedFields, planFacts } from './facts-plan'

test('blank fields stand apart, unknown ones are not there', () => {
  const plan = planFacts(
    [
      { label: 'Facts', fields: ['contact', 'budget', 'tags', 'stars'] },
      { label: 'Hidden', fields: ['secret'] },
    ],
    [{ name: 'contact' }, { name: 'budget' }, { name: 'tags' }, { name: 'stars' }],
    { contact: 'Zhang', budget: null, tags: [], stars: 0 },
  )
  expect(plan).toEqual([{ label: 'Facts', filled: [{ name: 'contact' }, { name: 'stars' }], blank: [{ name: 'budget' }, { name: 'tags' }] }])
})

test('a reason is shown once its choice asks for it', () => {
  const fields = [{ name: 'status' }, { name: 'why', required_when: { field: 'status', choices: ['lost'] } }]
  const names = (record: Record<string, unknown>) => askedFields(fields, record).map(({ name }) => name)
  expect(names({ status: 'open' })).toEqual(['status'])
  expect(names({ status: 'lost' })).toEqual(['status', 'why'])
  expect(names({ status: 'open', why: 'price' })).toEqual(['status', 'why'])
})
