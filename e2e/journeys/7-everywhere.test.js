import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** The main screens with who uses them, and what is there once they are whole. */
async function screens() {
  const { body } = await (await signIn('manager')).get('/records/lead?limit=1&sort=-created_at')
  const lead = `/leads/${body.items[0].id}`
  return [
    { path: '/login', whole: 'h2' },
    { path: '/sandbox/', whole: '.phone' },
    { path: '/f/expo', whole: 'button' },
    { role: 'sales', path: '/home', whole: 'main li h2, main section' },
    { role: 'manager', path: '/home', whole: 'main section table' },
    { role: 'manager', path: '/leads', whole: 'main [data-record], main ul a' },
    { role: 'manager', path: lead, whole: 'main [data-kind]' },
    { role: 'manager', path: '/leads/new', whole: 'main form input' },
    { role: 'manager', path: '/dash/lead-health', whole: 'main table, main svg' },
    { role: 'manager', path: '/dash/follow-up', whole: 'main table, main svg' },
    { role: 'manager', path: '/inbox', whole: 'main ul time' },
    { role: 'manager', path: '/tasks?person=all', whole: 'main li time' },
    { role: 'manager', path: '/calendar?person=all', whole: 'main li time' },
    { role: 'manager', path: '/search?q=%E8%8B%8F%E5%B7%9E', whole: 'main li' },
    { role: 'sales', path: '/me', whole: 'main input[type=checkbox]' },
    { role: 'admin', path: '/channels', whole: 'main tbody tr' },
    { role: 'admin', path: '/channels/douyin', whole: 'main tbody tr' },
    { role: 'admin', path: '/people', whole: 'main tbody tr' },
    { role: 'manager', path: '/operations', whole: 'main h1' },
    { role: 'admin', path: '/security', whole: 'main form' },
    { role: 'admin', path: '/audit', whole: 'main li' },
    { role: 'sales', path: '/me', whole: 'main li' },
  ]
}

const looks = [
  { device: 'desk', scheme: 'light', language: 'zh-CN' },
  { device: 'desk', scheme: 'dark', language: 'en' },
  { device: 'phone', scheme: 'light', language: 'en' },
  { device: 'phone', scheme: 'dark', language: 'zh-CN' },
]

for (const look of looks) {
  test(`no accessibility fault, no request to another host: ${Object.values(look).join(', ')}`, async () => {
    const faults = []
    const all = await screens()
    for (const role of new Set(all.map((screen) => screen.role))) {
      const { page, foreign, broken, close } = await open(browser, { role, ...look })
      for (const { path, whole } of all.filter((screen) => screen.role === role)) {
        await page.goto(path)
        await page.locator(whole).first().waitFor()
        await page.evaluate(() => Promise.all(document.getAnimations().map((moving) => moving.finished)))
        for (const fault of await accessibilityFaults(page)) faults.push(`${path} ${fault}`)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) faults.push(`${path} is ${wide} px wider than the screen`)
      }
      faults.push(...foreign.map((url) => `request to another host: ${url}`), ...broken.map((text) => `broken: ${text}`))
      await close()
    }
    assert.deepEqual(faults, [])
  })
}

test('the language switches at once, stays, and switches back', async () => {
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('service')
  const choose = async (name) => {
    await page.getByRole('button', { name: /^(语言|Language)$/ }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }
  await page.getByRole('link', { name: '工作台' }).waitFor()
  await choose('English')
  await page.getByRole('link', { name: 'Leads', exact: true }).waitFor()
  await page.waitForFunction(() => document.documentElement.lang.startsWith('en'))
  await page.reload()
  await page.getByRole('link', { name: 'Leads', exact: true }).waitFor()
  await choose('中文')
  await page.getByRole('link', { name: '线索', exact: true }).waitFor()
  await page.waitForFunction(() => document.documentElement.lang.startsWith('zh'))
  await close()
})
