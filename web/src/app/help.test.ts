import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { helpFor } from './help'

const pages: Record<string, string> = {
  '/setup': 'first-day-builder',
  '/setup/object/lead': 'first-day-builder',
  '/channels/expo': 'first-day-marketing',
  '/health': 'first-day-it',
  '/security': 'first-day-it',
  '/audit': 'first-day-it',
  '/people': 'first-day-it',
  '/dash/follow-up': 'first-day-manager',
  '/operations': 'first-day-manager',
  '/leads': 'lists',
  '/o/project': 'lists',
  '/leads/new': 'first-day-sales',
  '/o/contact/7': 'first-day-sales',
  '/o/ticket': 'first-day-service',
  '/o/ticket/7': 'first-day-service',
}

test('a screen has its page of the guide, which is there in each language', () => {
  for (const language of ['zh-CN', 'en']) {
    for (const [screen, page] of Object.entries(pages)) {
      expect(helpFor(screen, language), screen).toBe(`/help/${language}/${page}`)
      expect(existsSync(new URL(`../../../docs/guide/${language}/${page}.md`, import.meta.url)), page).toBe(true)
    }
  }
})

test('elsewhere it is the reader’s own first day', () => {
  for (const screen of ['/home', '/tasks', '/calendar', '/inbox', '/me', '/search', '/others']) {
    expect(helpFor(screen, 'en')).toBe('/help/first-day?lang=en')
  }
})
