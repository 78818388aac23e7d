// @vitest-environment jsdom
import i18next from 'i18next'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { learnPages, setUpLanguages, speak, type Language } from './setup'

const texts = { 'zh-CN': { app: { home: '工作台', languageMissing: '取不到' }, leads: { filter: '筛选' } }, en: { app: { home: 'Home', languageMissing: 'Not to be had' }, leads: { filter: 'Filter' } } }
const files = { 'zh-CN': ['./chinese', './chinese-pages'], en: ['./english', './english-pages'] }

/** What the catalogues of a language wait for before they come. */
let waits: Record<Language, Promise<unknown>>

beforeEach(() => {
  vi.resetModules()
  localStorage.clear()
  waits = { 'zh-CN': Promise.resolve(), en: Promise.resolve() }
  for (const language of ['zh-CN', 'en'] as const) {
    const [first, pages] = files[language]
    vi.doMock(first, async () => {
      await waits[language]
      return { catalogues: { './app.json': texts[language].app } }
    })
    vi.doMock(pages, async () => {
      await waits[language]
      return { catalogues: { './leads.json': texts[language].leads } }
    })
  }
  for (const language of ['zh-CN', 'en']) for (const part of ['app', 'leads']) if (i18next.isInitialized) i18next.removeResourceBundle(language, part)
})
afterEach(() => vi.restoreAllMocks())

const startIn = async (language: Language) => {
  localStorage.setItem('clew.language', language)
  await setUpLanguages()
}
const spoken = () => [i18next.language, document.documentElement.lang, i18next.t('app:home')]
const inChinese = ['zh-CN', 'zh-CN', '工作台']
const inEnglish = ['en', 'en', 'Home']
const lost = () => {
  const never = Promise.reject(new TypeError('Failed to fetch'))
  never.catch(() => {})
  return never
}

describe('at the start', () => {
  test('the language of the last visit is spoken', async () => {
    await startIn('en')
    expect(spoken()).toEqual(inEnglish)
  })

  test('another one is, where its catalogue cannot be had, and that is not remembered', async () => {
    waits.en = lost()
    await startIn('en')
    expect(spoken()).toEqual(inChinese)
    expect(localStorage.getItem('clew.language')).toBe('en')
  })

  test('the caller hears that there is none at all', async () => {
    waits = { en: lost(), 'zh-CN': lost() }
    await expect(startIn('en')).rejects.toThrow()
  })
})

describe('a language that is asked for', () => {
  beforeEach(() => startIn('zh-CN'))

  test('is spoken and remembered', async () => {
    await speak('en')
    expect(spoken()).toEqual(inEnglish)
    expect(localStorage.getItem('clew.language')).toBe('en')
  })

  test('brings the texts of every page where those were there in the old one', async () => {
    await learnPages()
    await speak('en')
    expect(i18next.t('leads:filter')).toBe('Filter')
  })

  test.each([1, 3, 7])('yields to the one asked for after it, though it comes later (%i)', async (changes) => {
    let come: (value?: unknown) => void = () => {}
    waits.en = new Promise((resolve) => {
      come = resolve
    })
    const heard = vi.fn()
    i18next.on('languageChanged', heard)
    const english = Array.from({ length: changes }, () => speak('en'))
    await speak('zh-CN')
    come()
    await Promise.all(english)
    i18next.off('languageChanged', heard)
    expect(spoken()).toEqual(inChinese)
    expect(localStorage.getItem('clew.language')).toBe('zh-CN')
    expect(heard).not.toHaveBeenCalled()
  })

  test('and again after another is spoken in the end', async () => {
    await Promise.all([speak('en'), speak('zh-CN'), speak('en')])
    expect(spoken()).toEqual(inEnglish)
  })

  test('that cannot be learned leaves everything as it is, and says so in words', async () => {
    waits.en = lost()
    await expect(speak('en')).rejects.toThrow('取不到')
    expect(spoken()).toEqual(inChinese)
    expect(localStorage.getItem('clew.language')).toBe('zh-CN')
  })

  test('that cannot be learned is no matter once another was asked for', async () => {
    waits.en = lost()
    await expect(Promise.all([speak('en'), speak('zh-CN')])).resolves.toBeDefined()
    expect(spoken()).toEqual(inChinese)
  })

  test('while the pages are still being learned has its own in the end', async () => {
    await Promise.all([learnPages(), speak('en')])
    expect(i18next.t('leads:filter')).toBe('Filter')
  })
})
