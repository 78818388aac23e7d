import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Field } from '@/api/catalog'
import { bothHold, conditionText, filterText, isComplete, operatorLabel, operatorsOf, readCondition, readFilter, takesValue, type Condition, type Operator } from './condition'
import { emptyGroup, itemsText, readTree, topItems, treeText, type Group } from './condition-tree'
import { splitAt, splitConditions, unwrapped } from './split-conditions'

const types = ['text', 'long_text', 'phone', 'email', 'url', 'number', 'currency', 'percent', 'date', 'datetime', 'boolean', 'choice', 'choices', 'tags', 'person', 'reference', 'auto_number', 'of the future']
const choices = [{ name: 'a', label: 'Apple "red"' }, { name: 'b', label: 'B, and C' }, { name: 'or', label: 'OR' }]
const fieldOf = (type: string): Field => ({ name: `f_${type.replaceAll(' ', '_')}`, label: `The ${type}`, type, required: false, read_only: false, choices: type === 'choice' || type === 'choices' ? choices : undefined })
const fields = types.map(fieldOf)

const valuesOf = ({ type, choices: some }: Field, operator: Operator): string[][] => {
  if (!takesValue(operator)) return [[]]
  if (operator === 'last_days' || operator === 'next_days') return [['0'], ['7'], ['365']]
  if (some) return [['a'], ['a', 'b'], ['or', 'b', 'a']]
  if (type === 'person') return [['0192-id'], ['u-1', 'u-2']]
  if (['number', 'currency', 'percent'].includes(type)) return [['0'], ['-3'], ['120000.50'], ['00.1']]
  if (type === 'date' || type === 'datetime') return [['2026-02-28'], ['2028-02-29']]
  return [['x'], ['Say "hi"'], ["it's"], ['a AND b'], ['a) OR (b'], ['[c]'], ['TRUE'], ['12'], ['苏州'], [' x '], ['100%_'], [String.raw`back\slash`]]
}

const conditions = fields.flatMap((field) => operatorsOf(field).flatMap((operator) => valuesOf(field, operator).map((values): Condition => ({ field: field.name, operator, values }))))
const typeOf = (name: string) => fields.find((field) => field.name === name)?.type ?? ''
const textOf = (condition: Condition) => conditionText(condition, typeOf(condition.field))

test('there is something to ask of every type', () => {
  expect(conditions.length).toBeGreaterThan(200)
})

test.each(conditions.map((condition) => [textOf(condition), condition] as const))('%s is read back', (text, condition) => {
  expect(readCondition(text, fields)).toEqual(condition)
})

test('each is one piece wherever it stands', () => {
  for (const condition of conditions) {
    const text = textOf(condition)
    expect(splitConditions(`${text} AND ISBLANK(f_text)`), text).toEqual([text, 'ISBLANK(f_text)'])
    expect(splitAt(`ISBLANK(f_text) OR ${text}`, 'OR'), text).toEqual(['ISBLANK(f_text)', text])
    expect(unwrapped(`(${text})`), text).toBe(text)
  }
})

test('each two of them are read back together, in any grouping', () => {
  for (let n = 0; n + 2 < conditions.length; n += 3) {
    const [one, two, three] = conditions.slice(n, n + 3).map((condition) => ({ condition }))
    for (const join of ['all', 'any'] as const) {
      for (const not of [false, true]) {
        const tree: Group = { join: 'all', not: false, items: [one, { group: { join, not, items: [two, three] } }] }
        const flat = join === 'all' && !not
        expect(treeText(readTree(treeText(tree, fields), fields), fields)).toBe(treeText(tree, fields))
        // The same question about several choices, in brackets, is one condition with several values.
        const same = join === 'any' && [two, three].every(({ condition }) => condition.operator === 'contains' && typeOf(condition.field) === 'choices')
        if (!flat && !same) expect(readTree(treeText(tree, fields), fields)).toEqual(tree)
      }
    }
  }
})

describe('every operator', () => {
  const texts = ['en', 'zh-CN'].map((language) => JSON.parse(readFileSync(new URL(`../i18n/${language}/fields.json`, import.meta.url), 'utf8')) as { operator: Record<string, string> })
  const used = [...new Set(fields.flatMap((field) => operatorsOf(field).map((operator) => operatorLabel(operator, field))))]

  test.each(used)('%s has words in both languages', (label) => {
    for (const { operator } of texts) expect(operator[label.replace('operator.', '')]).toBeTruthy()
  })

  test('of days speaks of before and after, of numbers of less and more', () => {
    expect(operatorLabel('below', { type: 'datetime' })).toBe('operator.before')
    expect(operatorLabel('at_least', { type: 'date' })).toBe('operator.onOrAfter')
    expect(operatorLabel('below', { type: 'currency' })).toBe('operator.below')
  })

  test('can be asked whether there is something at all, but of yes and no', () => {
    for (const field of fields) expect(operatorsOf(field).includes('blank')).toBe(field.type !== 'boolean')
  })
})

describe('says too little', () => {
  test.each<[string, Operator, string[]]>([
    ['text', 'is', []],
    ['text', 'contains', ['  ']],
    ['number', 'equal', ['x']],
    ['number', 'equal', ['1,000']],
    ['number', 'above', ['1e5']],
    ['currency', 'above', ['-']],
    ['percent', 'at_most', ['5 %']],
    ['date', 'last_days', ['-1']],
    ['date', 'next_days', ['1.5']],
    ['date', 'next_days', ['99999']],
    ['choice', 'any_of', []],
    ['choice', 'any_of', ['a', '']],
  ])('%s %s %j', (type, operator, values) => {
    const condition: Condition = { field: fieldOf(type).name, operator, values }
    expect(isComplete(condition, { type })).toBe(false)
    expect(filterText([{ condition }], fields)).toBe('')
    expect(treeText({ join: 'any', not: true, items: [{ condition }] }, fields)).toBe('')
  })

  test.each<[string, Operator, string[]]>([
    ['number', 'equal', ['0']],
    ['number', 'equal', ['-0.5']],
    ['date', 'last_days', ['0']],
    ['boolean', 'false', []],
    ['person', 'mine', []],
  ])('but not %s %s %j', (type, operator, values) => {
    expect(isComplete({ field: 'f', operator, values }, { type })).toBe(true)
  })
})

describe('other ways to write the same', () => {
  test.each<[string, Operator, string[]]>([
    ['f_number>3', 'above', ['3']],
    ['f_number  >=  -3', 'at_least', ['-3']],
    ['[The number] = 3', 'equal', ['3']],
    ['[f_number] < 3', 'below', ['3']],
    ['NOT(ISBLANK(f_number))', 'filled', []],
    ['not isblank ( f_number )', 'filled', []],
  ])('%s', (text, operator, values) => {
    const [item] = topItems(readTree(text, fields))
    const inner = 'group' in item && item.group.not && item.group.items.length === 1 ? item.group.items[0] : item
    expect('condition' in inner && inner.condition.field).toBe('f_number')
    if (!('group' in item)) expect(item).toEqual({ condition: { field: 'f_number', operator, values } })
  })

  test.each([
    ["f_text = 'it''s'", ["it's"]],
    ['f_text = "a""b"', ['a"b']],
    ['f_choice IN ("a" , b)', ['a', 'b']],
    ['f_choice IN ("a"，"b")', ['a', 'b']],
    ['f_choice = "Apple ""red"""', ['a']],
    ['( contains([The choices], "a")OR CONTAINS(f_choices, "B, and C") )', ['a', 'b']],
    ['NOT (CONTAINS(f_choices, "a") 或 CONTAINS(f_choices, "b"))', ['a', 'b']],
  ])('%s has the values %j', (text, values) => {
    expect(readCondition(text, fields)?.values).toEqual(values)
  })
})

describe('is left as it was written', () => {
  test.each([
    '(CONTAINS(f_choices, "a") OR CONTAINS(f_tags, "a"))', '(CONTAINS(f_tags, "a") OR CONTAINS(f_tags, "b"))', '(CONTAINS(f_choices, "a") OR ISBLANK(f_choices))', '(CONTAINS(f_choices, "a") AND CONTAINS(f_choices, "b"))', '(CONTAINS(f_choices, "a") OR NOT CONTAINS(f_choices, "b"))', '(CONTAINS(f_choices, "a") OR CONTAINS(f_choices, "unknown"))',
    'f_number + 1 > 3', 'f_number > f_percent', 'LEN(f_text) > 3', 'f_choice = "unknown"', 'f_choice IN ()', 'f_choice IN ("a", "unknown")', 'f_number = "3"', 'f_date > "28.2.2026"', 'f_boolean = FALSE', 'nobody = "x"', 'f_date >= TODAY() + 7', 'f_date <= NOW() - 1', 'NOT f_number > 3', 'f_text = x', 'IF(f_boolean, 1, 2) = 1', '((f_text = "x")', 'f_text = "x', ')', '=', 'AND', '"AND"',
  ])('%s', (text) => {
    expect(readCondition(text, fields)).toBeNull()
    if (text.startsWith('(CONTAINS')) return expect(treeText(readTree(text, fields), fields)).toBe(text.slice(1, -1))
    expect(treeText(readTree(text, fields), fields)).toBe(text)
    expect(filterText(readFilter(text, fields), fields)).toBe(text)
  })
})

describe('filters beside each other', () => {
  test.each([
    [['', ' '], ''],
    [['a = 1', ''], 'a = 1'],
    [['a = 1 OR b = 2', ''], 'a = 1 OR b = 2'],
    [['a = 1 OR b = 2', 'c = 3 OR d = 4'], '(a = 1 OR b = 2) AND (c = 3 OR d = 4)'],
    [['(a = 1 OR b = 2)', 'c = 3'], '(a = 1 OR b = 2) AND c = 3'],
    [['"a OR b" = x', 'c = 3'], '"a OR b" = x AND c = 3'],
    [['a = 1 或 b = 2', 'c = 3'], '(a = 1 或 b = 2) AND c = 3'],
  ])('%j hold together as %s', (filters, text) => {
    expect(bothHold(...filters)).toBe(text)
  })

  test('taking pieces away leaves the others as they were', () => {
    const filter = conditions.slice(0, 8).map(textOf).join(' AND ')
    const items = topItems(readTree(filter, fields))
    expect(items).toHaveLength(8)
    for (let n = 0; n < 8; n++) {
      const left = itemsText(items.toSpliced(n, 1), fields)
      expect(topItems(readTree(left, fields))).toEqual(items.toSpliced(n, 1))
    }
  })

  test('of nothing is nothing', () => {
    expect(itemsText([], fields)).toBe('')
    expect(readTree('  ', fields)).toEqual(emptyGroup())
  })
})
