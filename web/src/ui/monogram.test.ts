import { expect, test } from 'vitest'
import { colourOf, signOf } from './monogram'

test.each([
  ['苏州恒力液压有限公司', '恒'],
  ['上海市卓越智能', '卓'],
  ['苏州', '苏'],
  ['bosch', 'B'],
  ['𠮷野家', '𠮷'],
  ['', ''],
])('%s stands as %s', (name, sign) => expect(signOf(name)).toBe(sign))

test('a name keeps its colour, and names differ', () => {
  const names = ['苏州恒力', '宁波东昇', '常州信源', 'Bosch', '上海泰和', '南京锐捷', '无锡华拓']
  expect(names.map(colourOf)).toEqual(names.map(colourOf))
  expect(new Set(names.map(colourOf)).size).toBeGreaterThan(2)
  expect(names.every((name) => colourOf(name) >= 0 && colourOf(name) < 6)).toBe(true)
})
