import assert from 'node:assert/strict'
import { until } from '../wait.js'

/** How many stops of Tab are a long way on any page. */
const farthest = 150

/** How long the focus may take to stand where it belongs, in milliseconds. */
const patience = 2_000

/** A person without a mouse: goes by Tab, sees where the focus is, and is never left without one. */
export class Keyboard {
  constructor(page) {
    this.page = page
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  type(text) {
    return this.page.keyboard.type(text)
  }

  /** Goes on by Tab until something has the focus; every stop on the way must be there to see. */
  async tabTo(locator, { back = false } = {}) {
    await locator.first().waitFor({ state: 'attached' })
    const passed = []
    for (let stop = 0; stop < farthest; stop++) {
      if (await locator.first().evaluate((element) => element === document.activeElement)) return this.seen()
      await this.page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
      const stopped = await this.page.evaluate(() => {
        const { activeElement: here } = document
        return { what: `${here.tagName} ${here.getAttribute('aria-label') ?? here.textContent.slice(0, 20)}`, lost: here === document.body }
      })
      // The document's end is one stop of every round.
      if (stopped.lost && passed.at(-1) === 'lost') assert.fail(`no way on after ${passed.slice(-4).join(' → ')}`)
      passed.push(stopped.lost ? 'lost' : stopped.what)
    }
    assert.fail(`not reached in ${farthest} stops: ${locator}; passed ${passed.slice(-30).join(' → ')}`)
  }

  /** The focus stands on something, in sight, with a ring around it or around what it belongs to. */
  async seen() {
    assert.equal(await until(() => this.#fault(), (fault) => fault === '', patience), '')
  }

  /** Why the focus is not seen; '' where it is. */
  #fault() {
    return this.page.evaluate(() => {
      const here = document.activeElement
      if (!here || here === document.body) return 'the focus is lost'
      const ringed = (element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
      }
      const near = [here, here.parentElement, here.nextElementSibling, here.parentElement?.parentElement].filter(Boolean)
      if (!near.some(ringed)) return `no ring: ${here.outerHTML.slice(0, 160)}`
      const { bottom, top } = here.getBoundingClientRect()
      return bottom < 0 || top > innerHeight ? `out of sight: ${here.outerHTML.slice(0, 160)}` : ''
    })
  }

  /** Goes to something by Tab and presses it. */
  async use(locator, key = 'Enter') {
    await this.tabTo(locator)
    await this.press(key)
  }

  /** Goes to a field by Tab and writes over what is in it. */
  async write(locator, text) {
    await this.tabTo(locator)
    await this.press('Control+a')
    await this.type(text)
  }
}
