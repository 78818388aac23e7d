import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const here = import.meta.dirname
const sources = join(here, '..')

type Texts = Record<string, unknown>

const catalogue = (language: string, name: string): Texts => JSON.parse(readFileSync(join(here, language, `${name}.json`), 'utf8')) as Texts
const features = readdirSync(join(here, 'en')).map((name) => name.replace('.json', ''))
const known = new Map(features.map((name) => [name, [catalogue('en', name), catalogue('zh-CN', name)]]))

/** What a catalogue has under a key: a text, a group, or undefined. */
function at(texts: Texts, key: string): unknown {
  return key.split('.').reduce<unknown>((inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Texts)[part] : undefined), texts)
}

const isText = (texts: Texts, key: string) => ['', '_one', '_other'].some((ending) => typeof at(texts, key + ending) === 'string')

/** Whether a key that begins like this can name a text. */
function begins(texts: Texts, start: string): boolean {
  const dot = start.lastIndexOf('.')
  const group = dot < 0 ? texts : at(texts, start.slice(0, dot))
  const name = start.slice(dot + 1)
  return typeof group === 'object' && group !== null && Object.keys(group).some((key) => key.startsWith(name))
}

interface Use {
  /** The catalogue, or several where the source speaks out of more than one. */
  names: string[]
  key: string
  /** Whether only the beginning of the key stands in the source. */
  open: boolean
}

/** The texts that a source asks for, where it says from which catalogue. */
function usesOf(source: string): Use[] {
  const named = new Set([...source.matchAll(/useTranslation\(\[?'(\w+)'/g)].map(([, name]) => name))
  if (named.size === 0) return []
  // A text with a default says itself what stands where there is none.
  const asked = [...source.matchAll(/\bt\((?:'([^']+)'|`([^`$]*)\$\{)(?![^)\n]*defaultValue)/g)]
  return asked.flatMap(([, whole, start]) => {
    const said = whole ?? start
    if (!said) return []
    const [name, key] = said.includes(':') ? said.split(':') : ['', said]
    return key ? [{ names: name ? [name] : [...named], key, open: whole === undefined }] : []
  })
}

const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
const all = files.flatMap((file) => usesOf(readFileSync(join(sources, file), 'utf8')).map((use) => ({ file, ...use })))

test('texts are found in the sources', () => {
  expect(all.length).toBeGreaterThan(700)
})

/** Whether one of the catalogues has it in both languages. */
const has = ({ names }: Use, is: (texts: Texts) => boolean) => names.some((name) => known.get(name)?.every(is))

describe.each(features)('%s', (feature) => {
  const uses = all.filter(({ names }) => names[0] === feature)

  test('has every text that a screen asks for, in both languages', () => {
    const missing = uses.filter((use) => !use.open && !has(use, (texts) => isText(texts, use.key)))
    expect(missing.map(({ file, key }) => `${file}: ${key}`)).toEqual([])
  })

  test('has something under every group that a screen chooses from', () => {
    const missing = uses.filter((use) => use.open && !has(use, (texts) => begins(texts, use.key)))
    expect(missing.map(({ file, key }) => `${file}: ${key}…`)).toEqual([])
  })
})

test('no key names a text and a group at once', () => {
  const clashes = features.flatMap((feature) =>
    ['en', 'zh-CN'].flatMap((language) => {
      const groups = (texts: Texts, path = ''): string[] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'object' ? [path + key, ...groups(value as Texts, `${path}${key}.`)] : []))
      const texts = catalogue(language, feature)
      return groups(texts).filter((path) => isText(texts, path)).map((path) => `${language}/${feature}: ${path}`)
    }),
  )
  expect(clashes).toEqual([])
})
