import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, colours, launch, open } from '../browser.js'
import { wordsOf } from '../guide/words.js'
import { LoginPage } from '../pages/login.js'
import { prepare, routes, screens } from '../screens.js'

let browser
let made
before(async () => {
  browser = await launch()
  made = await prepare()
})
after(async () => {
  await setLanguage('zh-CN')
  await made.undo()
  await browser.close()
})

/** A text by its whole name: `speak('en')('leads.filter')`. */
function speak(language) {
  const words = wordsOf(language)
  return (name) => words(name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1))
}

const everybody = ['sales', 'service', 'marketing', 'manager', 'admin']

async function setLanguage(language) {
  for (const role of everybody) {
    const { status } = await (await signIn(role)).patch('/session', { language })
    assert.ok(status < 300, `${role}: ${status}`)
  }
}

test('every address of the app is looked at', () => {
  const seen = new Set(screens(made).map(({ route }) => route))
  assert.deepEqual(routes().filter((route) => !seen.has(route)), [])
})

/** What is wrong with what is on the screen, in light and in dark. */
async function faultsOf(page, where) {
  const faults = []
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    const found = await accessibilityFaults(page, scheme === 'dark' ? colours : {})
    faults.push(...found.map((fault) => `${where} ${scheme}: ${fault}`))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - screen.width)
  if (wide > 0) faults.push(`${where} is ${wide} px wider than the screen`)
  return faults
}

/** Opens what a screen has to open, and closes it again; the focus must not be lost. */
async function faultsOpened(page, { path, whole, openings = [] }, { device, language }) {
  const faults = []
  for (const opening of openings.filter((one) => !one.device || one.device === device)) {
    const where = `${path} [${opening.name}]`
    try {
      await opening.opens(page, speak(language))
      await page.locator(opening.shows).first().waitFor()
      faults.push(...(await faultsOf(page, where)))
    } catch (error) {
      faults.push(`${where}: ${error.message.split('\n').slice(0, 3).join(' ')}`)
    }
    await page.keyboard.press('Escape')
    const closed = await page.locator(opening.shows).first().waitFor({ state: 'hidden', timeout: 1000 }).then(() => true, () => false)
    const kept = await page.waitForFunction(() => document.activeElement !== document.body, undefined, { timeout: 5000 }).then(() => true, () => false)
    if (closed && !kept) faults.push(`${where}: the focus is lost once it is closed`)
    if (closed) continue
    await page.goto('about:blank')
    await page.goto(path)
    await page.locator(whole).first().waitFor()
  }
  return faults
}

/** Looks at the screens of one role on one device. */
async function lookAt(role, look) {
  const { page, foreign, broken, logged, close } = await open(browser, { role, ...look })
  const faults = []
  for (const screen of screens(made, look.language).filter((one) => one.role === role)) {
    await page.goto(screen.path)
    await page.locator(screen.whole).first().waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.lang), look.language, screen.path)
    faults.push(...(await faultsOf(page, screen.path)))
    faults.push(...(await faultsOpened(page, screen, look)))
    const strange = logged.splice(0).filter((text) => !(role === undefined && text.includes('401')))
    faults.push(...strange.map((text) => `${screen.path} logs: ${text}`))
  }
  faults.push(...foreign.map((url) => `request to another host: ${url}`), ...broken.map((text) => `broken: ${text}`))
  await close()
  return faults
}

for (const language of ['zh-CN', 'en']) {
  test(`no fault on any screen, light and dark, on a desk and on a phone: ${language}`, async () => {
    await setLanguage(language)
    const onDevice = async (device) => {
      const faults = []
      for (const role of [undefined, ...everybody]) faults.push(...(await lookAt(role, { device, language })))
      return faults.map((fault) => `${device}: ${fault}`)
    }
    const found = await Promise.all([onDevice('desk'), onDevice('phone')])
    assert.deepEqual(found.flat(), [])
  })
}

test('the language switches at once, stays, and switches back', async () => {
  await setLanguage('zh-CN')
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('service')
  const choose = async (name) => {
    await page.getByRole('button', { name: /^(语言|Language)$/ }).click()
    const kept = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session') && answer.request().method() === 'PATCH')
    await page.getByRole('menuitem', { name, exact: true }).click()
    return kept
  }
  await page.getByRole('link', { name: '工作台' }).waitFor()
  const kept = await choose('English')
  assert.equal(kept.status(), 200)
  await page.getByRole('link', { name: 'Leads', exact: true }).waitFor()
  await page.waitForFunction(() => document.documentElement.lang.startsWith('en'))
  await page.reload()
  await page.getByRole('link', { name: 'Leads', exact: true }).waitFor()
  await choose('中文')
  await page.getByRole('link', { name: '线索', exact: true }).waitFor()
  await page.waitForFunction(() => document.documentElement.lang.startsWith('zh'))
  await close()
})

test('on a new device nothing of the app is seen in another language than the account’s', async () => {
  await setLanguage('en')
  const { page, close } = await open(browser)
  await page.addInitScript(() => {
    globalThis.seenMenus = []
    new MutationObserver(() => globalThis.seenMenus.push(...[...document.querySelectorAll('nav a')].map((link) => link.textContent))).observe(document, { childList: true, subtree: true, characterData: true })
  })
  await new LoginPage(page).signIn('service')
  await page.getByRole('link', { name: 'Leads', exact: true }).waitFor()
  const seen = await page.evaluate(() => globalThis.seenMenus)
  assert.ok(seen.includes('Leads'))
  // What is pinned there is called by its own name.
  assert.deepEqual(seen.filter((text) => ['工作台', '线索', '更多'].includes(text)), [])
  await close()
})

test('a language that cannot be loaded leaves the one that is there, and says so', async () => {
  await setLanguage('en')
  const { page, broken, close } = await open(browser)
  await page.route(/\/english[^/]*\.js/, (route) => route.abort())
  await new LoginPage(page).signIn('service')
  await page.getByText('这种语言的文字暂时取不到').waitFor()
  await page.getByRole('link', { name: '工作台' }).waitFor()
  assert.deepEqual(broken, [])
  await close()
})
