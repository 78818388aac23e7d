import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const here = import.meta.dirname
const sources = join(here, '..')
const [chinese, english] = ['zh-CN', 'en']
const features = readdirSync(join(here, chinese)).filter((name) => name.endsWith('.json'))

const read = (language: string, file: string): unknown => JSON.parse(readFileSync(join(here, language, file), 'utf8'))

/** Every text of a catalogue under its whole name. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => textsOf(inner, path ? `${path}.${name}` : name))
}

/** The names without plural endings: English has a form more than Chinese. */
const namesOf = (texts: [string, string][]) => [...new Set(texts.map(([name]) => name.replace(/_(zero|one|other)$/, '')))].toSorted()

const blanksOf = (text: string) => [...text.matchAll(/{{\s*(\w+)[^}]*}}/g)].map(([, name]) => name)

test('there is each catalogue in both languages', () => {
  expect(readdirSync(join(here, english)).toSorted()).toEqual(readdirSync(join(here, chinese)).toSorted())
})

describe.each(features)('%s', (file) => {
  const zh = textsOf(read(chinese, file))
  const en = textsOf(read(english, file))

  test('says the same things in both languages', () => {
    expect(namesOf(en)).toEqual(namesOf(zh))
  })

  test('has no empty text', () => {
    expect([...zh, ...en].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('fills the same blanks in both languages', () => {
    const blanks = (texts: [string, string][]) => Object.fromEntries(texts.filter(([name]) => !/_(zero|one)$/.test(name)).map(([name, text]) => [name, new Set(blanksOf(text))]))
    expect(blanks(en)).toEqual(blanks(zh))
  })
})

/** Words of the expression language, which its reader has to know. */
const expressionWords = /[且或非]/g

test('no text stands in the sources', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|tsx|css)$/.test(name) && !/\.test\.tsx?$/.test(name))
  expect(files.filter((name) => /\p{Script=Han}/u.test(readFileSync(join(sources, name), 'utf8').replaceAll(expressionWords, '')))).toEqual([])
})
