import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/** The languages that there are catalogues of; the first is the default. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = 'clew.language'

const readers = { 'zh-CN': () => import('./chinese'), en: () => import('./english') }

/** Reads a language's catalogues, once. */
async function learn(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'app')) return
  const { catalogues } = await readers[language]()
  for (const [path, texts] of Object.entries(catalogues)) {
    const feature = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
    i18next.addResourceBundle(language, feature, texts)
  }
}

export const isLanguage = (name: string): name is Language => (languages as readonly string[]).includes(name)

function firstLanguage(): Language {
  const kept = localStorage.getItem(remembered) ?? ''
  if (isLanguage(kept)) return kept
  return navigator.language.startsWith('en') ? 'en' : languages[0]
}

/** Every text from now on in this language, on this device until another is chosen. */
export async function speak(language: Language): Promise<void> {
  await learn(language)
  document.documentElement.lang = language
  localStorage.setItem(remembered, language)
  await i18next.changeLanguage(language)
}

/** Makes the catalogues ready in the language of this device's last visit, else of its browser. */
export async function setUpLanguages(): Promise<void> {
  const language = firstLanguage()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({ lng: language, fallbackLng: false, resources: {}, interpolation: { escapeValue: false } })
  await learn(language)
}
