import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/** The languages that there are catalogues of; the first is the default. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = 'clew.language'

/** Home and log-in need few texts; every other page needs all of them. `mark` is a catalogue of the part. */
const parts = {
  first: { mark: 'app', read: { 'zh-CN': () => import('./chinese'), en: () => import('./english') } },
  pages: { mark: 'leads', read: { 'zh-CN': () => import('./chinese-pages'), en: () => import('./english-pages') } },
}

/** Reads a part of a language's catalogues, once. */
async function learn(language: Language, part: keyof typeof parts): Promise<void> {
  const { mark, read } = parts[part]
  if (i18next.hasResourceBundle(language, mark)) return
  const { catalogues } = await read[language]()
  for (const [path, texts] of Object.entries(catalogues)) {
    const feature = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
    i18next.addResourceBundle(language, feature, texts)
  }
}

export const isLanguage = (name: string): name is Language => (languages as readonly string[]).includes(name)

/** A label amid a sentence: English begins it without a capital there, unless it is all capitals. */
export const amid = (label: string, language?: string): string => (language === 'en' ? label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()) : label)

/** A text that no catalogue has is shown by its key; the console says so, which the journeys take for a fault. */
function tellMissing(_languages: readonly string[], feature: string, key: string, shown: string): void {
  if (shown === key) console.error(`no text ${feature}:${key}`)
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(remembered) ?? ''
  if (isLanguage(kept)) return kept
  return navigator.language.startsWith('en') ? 'en' : languages[0]
}

/** How often a language was asked for: the one asked for last is spoken, whichever is learned first. */
let asked = 0

/** Every text from now on in this language, on this device until another is chosen; fails in words where it cannot be learned. */
export async function speak(language: Language): Promise<void> {
  const turn = ++asked
  try {
    await learn(language, 'first')
    if (languages.some((other) => i18next.hasResourceBundle(other, parts.pages.mark))) await learn(language, 'pages')
  } catch (error) {
    if (turn === asked) throw new Error(i18next.t('app:languageMissing'), { cause: error })
  }
  if (turn !== asked) return
  document.documentElement.lang = language
  localStorage.setItem(remembered, language)
  if (i18next.language !== language) await i18next.changeLanguage(language)
}

/** Makes the catalogues ready in the language of this device's last visit, else of its browser; in another where that cannot be had. */
export async function setUpLanguages(): Promise<void> {
  const wish = firstLanguage()
  await i18next.use(initReactI18next).init({ lng: wish, fallbackLng: false, resources: {}, saveMissing: true, missingKeyHandler: tellMissing, interpolation: { escapeValue: false } })
  i18next.services.formatter?.add('amid', (label, language) => amid(String(label), language))
  const language = await learn(wish, 'first').then(() => wish, () => learnAnother(wish))
  document.documentElement.lang = language
  if (language !== wish) await i18next.changeLanguage(language)
}

async function learnAnother(wish: Language): Promise<Language> {
  const language = languages.find((one) => one !== wish) ?? wish
  await learn(language, 'first')
  return language
}

/** Makes the texts of every page ready, in the language in use. */
export async function learnPages(): Promise<void> {
  const { language } = i18next
  if (!isLanguage(language)) return
  await learn(language, 'pages')
  // The language may have been changed meanwhile.
  if (i18next.language !== language) await learnPages()
}
