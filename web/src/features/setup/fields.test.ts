import { expect, test } from 'vitest'
import { literal, plainValue } from './fields'
import { wordsOf } from './token-list'

test.each([
  ['sample', 'sample'],
  ['12', 12],
  ['012', '012'],
  ['1.5', 1.5],
  ['true', true],
  ['', ''],
])('%j is kept as %j', (text, wanted) => {
  expect(plainValue(text)).toBe(wanted)
})

test.each([
  ['抖音', '抖音'],
  ['TOP-3', '"TOP-3"'],
  ['3星', '"3星"'],
  ['说"好"', '"说""好"""'],
])('the choice %s in a condition', (name, wanted) => {
  expect(literal(name)).toBe(wanted)
})

test.each([
  ['急需，马上、尽快', ['急需', '马上', '尽快']],
  ['a, b ;c\nd', ['a', 'b', 'c', 'd']],
  [' , ', []],
])('%j are words', (text, wanted) => {
  expect(wordsOf(text)).toEqual(wanted)
})
