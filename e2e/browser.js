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
 * With a role, the person is logged in already.
 * @returns {Promise<{page: import('playwright-core').Page, foreign: string[], broken: string[], close: () => Promise<void>}>}
 */
export async function open(browser, { role, device = 'desk', language = 'zh-CN', scheme = 'light', size } = {}) {
  const context = await browser.newContext({
    ...devices[device],
    ...(size && { viewport: size, deviceScaleFactor: 1 }),
    baseURL,
    locale: language,
    colorScheme: scheme,
    timezoneId: 'Asia/Shanghai',
  })
  const page = await context.newPage()
  if (role) await enter(page, await signIn(role))
  page.setDefaultTimeout(10_000)
  const foreign = []
  const broken = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== new URL(baseURL).origin) foreign.push(request.url())
  })
  page.on('pageerror', (error) => broken.push(error.message))
  return { page, foreign, broken, close: () => context.close() }
}

/** Gives the page a session. Playwright's own way cannot set a cookie whose name begins with __Host-. */
async function enter(page, { cookie }) {
  const at = cookie.indexOf('=')
  const url = new URL(baseURL)
  url.protocol = 'https:'
  const devtools = await page.context().newCDPSession(page)
  const { success } = await devtools.send('Network.setCookie', { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: url.href, path: '/', secure: true, httpOnly: true })
  assert.ok(success)
  await devtools.detach()
}

/** The WCAG 2.2 AA and best-practice faults of what is on the screen, one line each. */
export async function accessibilityFaults(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(axeSource, 'utf8'))
  const { violations } = await page.evaluate(() => globalThis.axe.run())
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`))
}
