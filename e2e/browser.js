// The browser of the journeys: one Chromium per file, one context per person.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { signIn } from './api.js'

export const baseURL = process.env.CLEW_E2E_URL
const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const devices = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
}

export function launch() {
  assert.ok(baseURL, 'CLEW_E2E_URL is set by run.js')
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/**
 * A page for one person on one device, which remembers what it asked of other hosts and what broke.
 * With a role, the person is logged in already; `base` is a server other than that of the journeys, `session` somebody logged in there.
 * @returns {Promise<{page: import('playwright-core').Page, foreign: string[], broken: string[], logged: string[], close: () => Promise<void>}>}
 */
export async function open(browser, { role, session, base = baseURL, device = 'desk', language = 'zh-CN', scheme = 'light', size } = {}) {
  const context = await browser.newContext({
    ...devices[device],
    ...(size && { viewport: size, deviceScaleFactor: 1 }),
    baseURL: base,
    locale: language,
    colorScheme: scheme,
    timezoneId: 'Asia/Shanghai',
  })
  const page = await context.newPage()
  const person = session ?? (role && (await signIn(role)))
  if (person) await enter(page, person, base)
  page.setDefaultTimeout(30_000) // a busy machine may stand still for a while
  const foreign = []
  const broken = []
  const logged = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== new URL(base).origin) foreign.push(request.url())
  })
  page.on('pageerror', (error) => broken.push(error.message))
  page.on('console', (message) => message.type() === 'error' && logged.push(message.text()))
  return { page, foreign, broken, logged, close: () => context.close() }
}

/** Gives the page a session. Playwright's own way cannot set a cookie whose name begins with __Host-. */
async function enter(page, { cookie }, base) {
  const at = cookie.indexOf('=')
  const url = new URL(base)
  url.protocol = 'https:'
  const devtools = await page.context().newCDPSession(page)
  const { success } = await devtools.send('Network.setCookie', { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: url.href, path: '/', secure: true, httpOnly: true })
  assert.ok(success)
  await devtools.detach()
}

/** Waits until what moves has come to rest; motion that goes on for ever is not waited for. */
export const settled = (page) =>
  page.evaluate(() => Promise.all(document.getAnimations().filter((moving) => moving.effect?.getComputedTiming().endTime !== Infinity).map((moving) => moving.finished.catch(() => {}))))

/** The rules whose outcome a change of colours can change. */
export const colours = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }

/** The WCAG 2.2 AA and best-practice faults of what is on the screen, one line each. */
export async function accessibilityFaults(page, options = {}) {
  await settled(page)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(axeSource, 'utf8'))
  const { violations } = await page.evaluate((asked) => globalThis.axe.run(document, { resultTypes: ['violations'], ...asked }), options)
  // Three of a kind tell enough.
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`))
}
