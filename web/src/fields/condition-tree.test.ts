import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Field } from '@/api/catalog'
import { operatorsOf, type Condition } from './condition'
import { itemsText, readTree, topItems, treeText, type Group, type Item } from './condition-tree'

const field = (name: string, label: string, type: string, choices?: string[]): Field => ({
  name, label, type, required: false, read_only: false, choices: choices?.map((choice) => ({ name: choice, label: choice })),
})

/** The object of the scenarios of the expression language, as a Chinese reader's catalogue names it. */
const fields = [
  field('source', '来源', 'choice', ['抖音', '官网', '展会']),
  field('demand', '需求', 'choices', ['样品', '报价']),
  field('budget', '预算', 'currency'),
  field('score', '评分', 'number'),
  field('rate', '费率', 'number'),
  field('company', '公司', 'text'),
  field('contact_name', '联系人 姓名', 'text'),
  field('phone', '电话', 'phone'),
  field('message', '留言', 'long_text'),
  field('tags', '标签', 'tags'),
  field('vip', '大客户', 'boolean'),
  field('owner', '负责人', 'person'),
  field('next_due', '下次时间', 'datetime'),
  field('visit', '拜访日', 'date'),
  field('account', '客户', 'reference'),
]

const shared = '../../../internal/expr/testdata/'
const scenarios = readFileSync(new URL(`${shared}scenarios.txt`, import.meta.url), 'utf8')
const isCondition = (results: string) => /^(yes|no)( (yes|no))*( \(go\))?$/.test(results)
const conditions = [...scenarios.matchAll(/^(?!record |on |#)(.+?) => (.+)$/gm)].flatMap(([, text, results]) => (isCondition(results.trim()) ? [text] : []))

test('the scenarios are there', () => {
  expect(conditions.length).toBeGreaterThan(100)
})

// The same pairs are computed on every record by the Go side, which proves that they mean the same. CLEW_UPDATE=1 writes them anew.
test('what the builder makes of each scenario is what the language is tested with', () => {
  const pairs = conditions.map((text) => `${text} => ${treeText(readTree(text, fields), fields)}\n`).join('')
  const file = new URL(`${shared}builder.txt`, import.meta.url)
  if (process.env.CLEW_UPDATE) writeFileSync(file, pairs)
  expect(pairs).toBe(readFileSync(file, 'utf8'))
})

test.each(conditions)('%s comes back as the same tree', (text) => {
  const tree = readTree(text, fields)
  expect(readTree(treeText(tree, fields), fields)).toEqual(tree)
})

describe('a tree that a person builds', () => {
  // A small generator with a fixed seed: the same trees in every run.
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  const pick = <T>(list: T[]): T => list[random(list.length)]
  const texts = ['x', 'Say "hi"', 'a AND b', '或', "it's", 'a) OR (b', ' [c] ']
  const valuesOf = ({ type, choices }: Field, operator: string): string[] => {
    if (operator === 'last_days' || operator === 'next_days') return [String(random(90))]
    if (choices) return choices.slice(0, 1 + random(choices.length)).map(({ name }) => name)
    if (type === 'date' || type === 'datetime') return ['2026-02-28']
    if (['number', 'currency'].includes(type)) return [pick(['-3', '0', '120000.50'])]
    return [pick(texts)]
  }
  // "contains" of several choices, alone in brackets, is one condition: here it is only ever asked the other way round.
  const condition = (): Condition => {
    const one = pick(fields)
    const operator = pick(operatorsOf(one).filter((name) => one.type !== 'choices' || name !== 'contains'))
    const valueless = ['mine', 'team', 'today', 'past', 'true', 'false', 'blank', 'filled']
    return { field: one.name, operator, values: valueless.includes(operator) ? [] : valuesOf(one, operator) }
  }
  const item = (depth: number): Item => (depth > 0 && random(3) === 0 ? { group: group(depth - 1) } : random(6) === 0 ? { text: 'LEN(company) > 3' } : { condition: condition() })
  const group = (depth: number): Group => ({ join: pick(['all', 'any']), not: random(4) === 0, items: Array.from({ length: 2 + random(3) }, () => item(depth)) })

  test.each(Array.from({ length: 300 }, (_, index) => index))('number %i is read back as it was built', () => {
    const tree = group(3)
    expect(readTree(treeText(tree, fields), fields)).toEqual(tree)
  })
})

test('several choices in brackets are one condition of the builder, and each its own where they are not', () => {
  const asked = (...values: string[]): Item => ({ condition: { field: 'demand', operator: 'contains', values } })
  const either = '(CONTAINS(demand, "样品") OR CONTAINS(demand, "报价"))'
  expect(readTree(`vip = TRUE AND ${either}`, fields).items[1]).toEqual(asked('样品', '报价'))
  expect(treeText({ join: 'all', not: false, items: [asked('样品', '报价'), { text: 'vip = TRUE' }] }, fields)).toBe(`${either} AND vip = TRUE`)
  expect(readTree(either.slice(1, -1), fields)).toEqual({ join: 'any', not: false, items: [asked('样品'), asked('报价')] })
  expect(readTree(`NOT ${either}`, fields).items).toEqual([{ condition: { field: 'demand', operator: 'not_contains', values: ['样品', '报价'] } }])
})

test.each([
  ['', ''],
  ['来源 = 抖音 或 来源 = 官网 且 ISBLANK(预算)', 'source = "抖音" OR (source = "官网" AND ISBLANK(budget))'],
  ['NOT (source = "抖音" OR score > 3)', 'NOT (source = "抖音" OR score > 3)'],
  ['非（评分＜0）', 'NOT (评分＜0)'],
  ['AND(来源=抖音, 评分>0)', 'AND(来源=抖音, 评分>0)'],
  ['(source = "抖音") AND ((score > 3))', 'source = "抖音" AND score > 3'],
  ['score > (', 'score > ('],
  ['a OR b) AND (c', 'a OR b) AND (c'],
])('%s reads %s', (text, written) => {
  expect(treeText(readTree(text, fields), fields)).toBe(written)
})

test('an expression that a person writes between others keeps its meaning', () => {
  const items: Item[] = [{ text: 'a = 1 OR b = 2' }, { condition: { field: 'vip', operator: 'true', values: [] } }]
  expect(itemsText(items, fields)).toBe('(a = 1 OR b = 2) AND vip = TRUE')
})

test('what says too little is not asked, and leaves no brackets', () => {
  const half: Item = { condition: { field: 'score', operator: 'above', values: [] } }
  expect(treeText({ join: 'any', not: true, items: [half, { group: { join: 'all', not: false, items: [half] } }] }, fields)).toBe('')
})

test('the pieces of a filter are what must all hold', () => {
  expect(topItems(readTree('score > 1 AND (vip = TRUE OR score < 0)', fields))).toHaveLength(2)
  expect(topItems(readTree('score > 1 OR vip = TRUE', fields))).toHaveLength(1)
  expect(itemsText(topItems(readTree('score > 1 OR vip = TRUE', fields)), fields)).toBe('score > 1 OR vip = TRUE')
})
