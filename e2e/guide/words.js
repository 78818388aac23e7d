// The product's own words, so that the guide's pictures are taken by the labels that its text names.
import { readFileSync } from 'node:fs'

/** A lookup of texts: `t('leads', 'view.saveAs')`; what a text leaves open becomes a pattern. */
export function wordsOf(language) {
  const read = new Map()
  const catalogue = (name) => {
    if (!read.has(name)) read.set(name, JSON.parse(readFileSync(new URL(`../../web/src/i18n/${language}/${name}.json`, import.meta.url), 'utf8')))
    return read.get(name)
  }
  return (name, key, values = {}) => {
    const text = key.split('.').reduce((part, step) => part?.[step], catalogue(name))
    if (typeof text !== 'string') throw new Error(`${language}/${name}.json has no ${key}`)
    return text.replace(/\{\{(\w+)\}\}/g, (_, value) => values[value] ?? '')
  }
}
