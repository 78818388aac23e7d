import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** The main screens, with the role that uses them. */
async function screens() {
  const manager = await signIn('manager')
  const { body } = await manager.get('/records/lead?limit=1')
  const lead = `/leads/${body.items[0].id}`
  return {
    manager: ['/home', '/leads', lead, '/leads/new', '/dash/lead-health', '/inbox'],
    admin: ['/channels', '/channels/douyin', '/people'],
  }
}

for (const device of ['desk', 'phone']) {
  for (const language of ['zh-CN', 'en']) {
    for (const scheme of ['light', 'dark']) {
      test(`no accessibility fault, no foreign request: ${device}, ${language}, ${scheme}`, async () => {
        const faults = []
        for (const [role, paths] of Object.entries(await screens())) {
          const { page, foreign, broken, close } = await open(browser, { device, language, scheme })
          await page.addInitScript((code) => localStorage.setItem('language', code), language)
          await new LoginPage(page).signIn(role)
          for (const path of paths) {
            await page.goto(path)
            await page.getByRole('heading', { level: 1 }).first().waitFor()
            await page.waitForLoadState('networkidle').catch(() => {})
            for (const fault of await accessibilityFaults(page)) faults.push(`${path} ${fault}`)
          }
          faults.push(...foreign.map((url) => `foreign request: ${url}`), ...broken.map((text) => `broken: ${text}`))
          await close()
        }
        assert.deepEqual(faults, [])
      })
    }
  }
}

test('the language switches at once and stays', async () => {
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('service')
  await page.getByRole('button', { name: /语言|Language/ }).first().click()
  await page.getByText('English', { exact: true }).first().click()
  await page.waitForFunction(() => document.documentElement.lang.startsWith('en'))
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.match(await page.evaluate(() => document.documentElement.lang), /^en/)
  await close()
})
