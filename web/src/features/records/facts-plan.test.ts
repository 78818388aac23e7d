import { expect, test } from 'vitest'
import { planFacts } from './facts-plan'

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
