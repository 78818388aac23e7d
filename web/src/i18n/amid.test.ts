import { expect, test } from 'vitest'
import { amid } from './setup'

test.each([
  ['Lead', 'en', 'lead'],
  ['Follow-up plan', 'en', 'follow-up plan'],
  ['POC', 'en', 'POC'],
  ['A', 'en', 'A'],
  ['lead', 'en', 'lead'],
  ['线索', 'en', '线索'],
  ['', 'en', ''],
  ['Lead', 'zh-CN', 'Lead'],
  ['Lead', undefined, 'Lead'],
])('%s in %s is %s', (label, language, told) => {
  expect(amid(label, language)).toBe(told)
})
