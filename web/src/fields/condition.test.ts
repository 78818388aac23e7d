import { expect, test } from 'vitest'
import type { Field } from '@/api/catalog'
import { bothHold, conditionText, filterText, isComplete, operatorsOf, readCondition, readFilter, type Condition } from './condition'
import { splitConditions } from './split-conditions'

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({ name, label: name, type, required: false, read_only: false, ...more })
const fields = [
  field('company', 'text', { label: 'Company name' }),
  field('source', 'choice', { label: 'Source', choices: [{ name: 'dy', label: 'Douyin' }, { name: 'web', label: 'Website' }] }),
  field('budget', 'currency'),
  field('tags', 'tags'),
  field('next_due', 'datetime'),
  field('owner', 'person'),
  field('done', 'boolean'),
  field('first seen', 'date'),
]
const typeOf = (name: string) => fields.find((one) => one.name === name)?.type ?? ''

const written: [string, Condition][] = [
  ['company = "Say ""hi"""', { field: 'company', operator: 'is', values: ['Say "hi"'] }],
  ['NOT company = "x"', { field: 'company', operator: 'is_not', values: ['x'] }],
  ['STARTSWITH(company, "a, b)")', { field: 'company', operator: 'starts_with', values: ['a, b)'] }],
  ['source = "dy"', { field: 'source', operator: 'any_of', values: ['dy'] }],
  ['source IN ("dy", "web")', { field: 'source', operator: 'any_of', values: ['dy', 'web'] }],
  ['NOT source IN ("dy", "web")', { field: 'source', operator: 'none_of', values: ['dy', 'web'] }],
  ['ISBLANK(budget)', { field: 'budget', operator: 'blank', values: [] }],
  ['NOT ISBLANK(budget)', { field: 'budget', operator: 'filled', values: [] }],
  ['budget >= 100000.50', { field: 'budget', operator: 'at_least', values: ['100000.50'] }],
  ['CONTAINS(tags, "x")', { field: 'tags', operator: 'contains', values: ['x'] }],
  ['NOT CONTAINS(tags, "x")', { field: 'tags', operator: 'not_contains', values: ['x'] }],
  ['next_due = TODAY()', { field: 'next_due', operator: 'today', values: [] }],
  ['next_due >= TODAY() - 7', { field: 'next_due', operator: 'last_days', values: ['7'] }],
  ['next_due <= TODAY() + 3', { field: 'next_due', operator: 'next_days', values: ['3'] }],
  ['next_due < NOW()', { field: 'next_due', operator: 'past', values: [] }],
  ['next_due < "2026-02-01"', { field: 'next_due', operator: 'below', values: ['2026-02-01'] }],
  ['owner = ME()', { field: 'owner', operator: 'mine', values: [] }],
  ['owner IN TEAM()', { field: 'owner', operator: 'team', values: [] }],
  ['owner = "u-1"', { field: 'owner', operator: 'any_of', values: ['u-1'] }],
  ['done = TRUE', { field: 'done', operator: 'true', values: [] }],
  ['NOT done = TRUE', { field: 'done', operator: 'false', values: [] }],
  ['[first seen] = "2026-01-31"', { field: 'first seen', operator: 'on', values: ['2026-01-31'] }],
]

test.each(written)('%s is written and read back', (text, condition) => {
  expect(conditionText(condition, typeOf(condition.field))).toBe(text)
  expect(readCondition(text, fields)).toEqual(condition)
})

test('labels of fields and choices are read too', () => {
  expect(readCondition('Source IN (Douyin, Website)', fields)).toEqual({ field: 'source', operator: 'any_of', values: ['dy', 'web'] })
})

test.each(['nothing = "x"', 'source = "unheard of"', 'budget + 1 > 3', 'next_due <= DATEADD(created_at, 24, "hour")', 'NOT budget > 3', ''])('%s is left alone', (text) => {
  expect(readCondition(text, fields)).toBeNull()
})

test.each([
  ['a = 1 AND b = 2', ['a = 1', 'b = 2']],
  ['a = "x AND y" and (b = 1 OR c = 2)', ['a = "x AND y"', '(b = 1 OR c = 2)']],
  ['a = 1 AND b = 2 OR c = 3', ['a = 1 AND b = 2 OR c = 3']],
  ['AND(a = 1, b = 2) AND c = 3', ['AND(a = 1, b = 2)', 'c = 3']],
  ['brand = 1 AND [x AND y] = 2', ['brand = 1', '[x AND y] = 2']],
  ['a = 1 AND (b', ['a = 1 AND (b']],
  ['  ', []],
])('%s is cut', (text, parts) => {
  expect(splitConditions(text)).toEqual(parts)
})

test('a filter comes back from its pieces', () => {
  const filter = 'source = "dy" AND budget + 1 > 3 AND ISBLANK(owner)'
  const parts = readFilter(filter, fields)
  expect(parts.map((part) => 'condition' in part)).toEqual([true, false, true])
  expect(filterText(parts, fields)).toBe(filter)
})

test('what says too little is not asked', () => {
  const half: Condition = { field: 'budget', operator: 'above', values: [''] }
  expect(filterText([{ condition: half }, { condition: { field: 'done', operator: 'true', values: [] } }], fields)).toBe('done = TRUE')
  expect(isComplete({ ...half, values: ['12a'] }, { type: 'number' })).toBe(false)
})

test('an OR keeps its meaning beside another filter', () => {
  expect(bothHold('a = 1 OR b = 2', '', 'c = 3')).toBe('(a = 1 OR b = 2) AND c = 3')
  expect(bothHold('a = 1', 'b = 2 AND c = 3')).toBe('a = 1 AND b = 2 AND c = 3')
})

test('an unknown type is asked like a text', () => {
  expect(operatorsOf({ type: 'something new' })).toContain('contains')
})
