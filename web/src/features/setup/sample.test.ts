import { expect, test } from 'vitest'
import { pretty, valueText } from './sample'

test.each([
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['{"data":"{\\"name\\":\\"王\\"}"}', '{\n  "data": {\n    "name": "王"\n  }\n}'],
  ['{"data":"{broken"}', '{\n  "data": "{broken"\n}'],
  ['hello', 'hello'],
])('%s', (body, wanted) => {
  expect(pretty(body)).toBe(wanted)
})

test.each([
  [null, '–'],
  ['华东', '华东'],
  [{ amount: '120.00', currency: 'CNY' }, '120.00 CNY'],
  [{ id: 'x', label: '王' }, '王'],
  [['a', 'b'], 'a、b'],
  [true, 'true'],
])('%j', (value, wanted) => {
  expect(valueText(value)).toBe(wanted)
})
