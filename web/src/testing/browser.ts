import { configure } from '@testing-library/react'
import { vi } from 'vitest'

/** What jsdom lacks of a browser; each stands for "nothing to see here": no size, no layout, no stream. */

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
// No style sheet is loaded, so nothing is hidden by one: looking for that costs most of the time of a search by role.
configure({ asyncUtilTimeout: 8_000, defaultHidden: true })

class Watcher {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** A media query that a test may switch: a desk's wide screen unless it says otherwise. */
const media = { matching: [] as string[] }

/** Makes the page as wide as a phone's, or a desk's. */
export function beOnPhone(phone: boolean): void {
  media.matching = phone ? ['width < 48em', 'max-width', 'pointer: coarse'] : []
}

const matches = (query: string) => media.matching.some((part) => query.includes(part))

vi.stubGlobal('matchMedia', (query: string) => ({
  get matches() {
    return matches(query)
  },
  media: query,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
}))
vi.stubGlobal('ResizeObserver', Watcher)
vi.stubGlobal('IntersectionObserver', Watcher)
vi.stubGlobal('CSS', { escape: (text: string) => text.replaceAll(/[^\w-]/g, String.raw`\$&`), supports: () => false })
vi.stubGlobal('scrollTo', () => {})
Element.prototype.scrollIntoView = () => {}
Element.prototype.scrollTo = () => {}
HTMLElement.prototype.showPopover ??= () => {}

HTMLDialogElement.prototype.showModal = function showModal(this: HTMLDialogElement) {
  this.setAttribute('open', '')
  this.querySelector<HTMLElement>('input, button')?.focus()
}
HTMLDialogElement.prototype.close = function close(this: HTMLDialogElement) {
  this.removeAttribute('open')
  this.dispatchEvent(new Event('close'))
}
