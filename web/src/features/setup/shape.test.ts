import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blankOf, inLanguage, shapeOf, type SchemaNode, type Shape } from './shape'

const folder = join(import.meta.dirname, '../../../../internal/config/schemas')
const read = (kind: string): SchemaNode => JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8'))
const common = read('common')
const kinds = readdirSync(folder)
  .map((name) => name.replace(/\.json$/, ''))
  .filter((name) => name !== 'common')

/** Every shape inside a shape, with its path. */
function all(shape: Shape, path = ''): [string, Shape][] {
  const inner = (): [string, Shape][] => {
    switch (shape.kind) {
      case 'object':
      case 'duration':
        return shape.properties.flatMap((property) => all(property.shape, path ? `${path}.${property.name}` : property.name))
      case 'list':
        return all(shape.item, `${path}[]`)
      case 'map':
        return all(shape.value, `${path}{}`)
      case 'either':
        return shape.options.flatMap((option, i) => all(option, `${path}|${i}`))
      default:
        return []
    }
  }
  return [[path, shape], ...inner()]
}

describe.each(kinds)('%s', (kind) => {
  const shapes = all(shapeOf(read(kind), common))

  test('every construct is understood, and every key has a title in both languages', () => {
    const untitled = shapes.filter(([path, { title }]) => !/(\[\]|\{\}|\|\d)$/.test(path) && !(title['zh-CN'] && title.en)).map(([path]) => path)
    expect(untitled).toEqual([])
  })

  test('every choice has a title in both languages', () => {
    const untitled = shapes.flatMap(([path, shape]) => (shape.kind === 'choice' ? shape.options.filter((option) => !(shape.titles[option]?.['zh-CN'] && shape.titles[option]?.en)).map((option) => `${path} ${option}`) : []))
    expect(untitled).toEqual([])
  })

  test('only what the schema leaves open is edited as plain JSON', () => {
    const open = { channel: ['acknowledge'], 'routing-table': ['pools[]'] }[kind] ?? []
    expect(shapes.filter(([, shape]) => shape.kind === 'any' && !shape.plain).map(([path]) => path)).toEqual(open)
  })

  test('a new document begins with what it must have', () => {
    const whole = shapeOf(read(kind), common)
    const blank = blankOf(whole) as Record<string, unknown>
    expect(Object.keys(blank).toSorted()).toEqual((read(kind).required as string[]).toSorted())
  })
})

test('what names something knows what', () => {
  const shapes = new Map(all(shapeOf(read('routing-table'), common)))
  expect(shapes.get('rows[].then.pool')).toMatchObject({ kind: 'text', pick: { kind: 'pool' } })
  expect(shapes.get('rows[].when')).toMatchObject({ kind: 'expression' })
  expect(shapes.get('fallback')).toMatchObject({ exactlyOne: true })
  const role = new Map(all(shapeOf(read('role'), common)))
  expect(role.get('objects')).toMatchObject({ kind: 'map', keys: { kind: 'object' } })
  expect(role.get('objects{}.fields')).toMatchObject({ kind: 'map', keys: { kind: 'field', of: '@key' } })
  expect(role.get('objects{}.scope')).toMatchObject({ kind: 'scope' })
  const clock = new Map(all(shapeOf(read('clock'), common)))
  expect(clock.get('target')).toMatchObject({ kind: 'duration' })
})

test.each([
  [{ type: 'string', contentEncoding: 'base64' }, ': contentEncoding'],
  [{ type: 'object', properties: { a: { oneOf: [] } } }, 'a: oneOf'],
  [{ type: 'string', 'x-format': 'recurrence' }, ': x-format recurrence'],
  [{ $ref: 'common.json#/$defs/nothing' }, ': common.json#/$defs/nothing'],
  [{ type: 'tuple' }, ': type tuple'],
])('what is not understood is named: %j', (schema, message) => {
  expect(() => shapeOf(schema, common)).toThrow(message)
})

test('a title in a language, else in any', () => {
  expect(inLanguage({ 'zh-CN': '来源', en: 'Source' }, 'en')).toBe('Source')
  expect(inLanguage({ 'zh-CN': '来源' }, 'en')).toBe('来源')
  expect(inLanguage(undefined, 'en')).toBe('')
})
