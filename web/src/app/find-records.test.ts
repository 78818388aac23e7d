import { expect, test } from 'vitest'
import { findFilter } from './find-records'

const field = (name: string, type: string) => ({ name, type, label: name, required: false, read_only: false })
const lead = { title_field: 'company', fields: [field('company', 'text'), field('phone', 'phone')] }

test('a name is looked for in the title, and cannot leave its quotes', () => {
  expect(findFilter(lead, '博锐" OR "')).toBe('CONTAINS(company, "博锐"" OR """)')
})

test('digits are looked for in the phone too, however they were grouped', () => {
  expect(findFilter(lead, '138 0000')).toBe('CONTAINS(company, "138 0000") OR CONTAINS(phone, "1380000")')
  expect(findFilter({ ...lead, fields: [] }, '1380000')).toBe('CONTAINS(company, "1380000")')
  expect(findFilter(lead, '138')).toBe('CONTAINS(company, "138")')
})
