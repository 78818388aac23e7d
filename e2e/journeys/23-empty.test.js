import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { logIn } from '../api.js'
import { accessibilityFaults, colours, launch, open } from '../browser.js'
import { startEmpty } from '../server.js'
import { until } from '../wait.js'

let browser
let company
let admin
before(async () => {
  browser = await launch()
  company = await startEmpty({ email: 'admin@empty.example', password: 'first-morning-1' })
  admin = await logIn(company.url, 'admin@empty.example', 'first-morning-1')
})
after(async () => {
  await browser.close()
  await company.stop()
})

/** The pages of a company on its first morning, and where its one next step leads, if that is to be there. */
const pages = [
  { path: '/home', next: /\/leads$/ },
  { path: '/leads', next: /\/new$/ },
  { path: '/o/company', next: /\/new$/ },
  { path: '/o/contact', next: /\/new$/ },
  { path: '/o/ticket', next: /\/new$/ },
  { path: '/o/project?layout=board' },
  { path: '/tasks' },
  { path: '/calendar' },
  { path: '/inbox' },
  { path: '/operations', next: /\/leads$/ },
  { path: '/search?q=nothing' },
  { path: '/dash/lead-health' },
  { path: '/dash/follow-up' },
  { path: '/dash/lead-to-cash' },
  { path: '/channels' },
  { path: '/channels/website-api' },
  { path: '/people' },
  { path: '/audit' },
  { path: '/setup' },
  { path: '/setup/changes', next: /\/setup$/ },
  { path: '/setup/versions' },
  { path: '/health' },
  { path: '/nowhere', next: /\/home$/ },
]

/** The page is whole: it has its heading, and says of nothing that it waits. */
async function whole(page) {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => !/正在载入|正在读取|载入中|Loading|Reading…/.test(document.querySelector('main').innerText))
}

/** What is wrong with a page; colours are the same in every language and are looked at in one. */
async function faultsOf(page, { path, next }, { device, language }) {
  const faults = []
  for (const scheme of language === 'en' ? ['light'] : ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    const found = await accessibilityFaults(page, scheme === 'dark' ? colours : {})
    faults.push(...found.map((fault) => `${path} ${scheme}: ${fault}`))
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - screen.width)
  if (wide > 0) faults.push(`${path} is ${wide} px wider than the screen`)
  if (next) {
    const ways = await until(
      () => page.locator('main').last().getByRole('link').evaluateAll((links) => links.map((link) => link.pathname)),
      (found) => found.some((way) => next.test(way)),
      5_000,
    )
    if (!ways.some((way) => next.test(way))) faults.push(`${path} leads to no ${next}: ${ways.join(' ')}`)
  }
  return faults.map((fault) => `${device} ${fault}`)
}

for (const language of ['zh-CN', 'en']) {
  test(`a company without any record has no fault and says what comes next: ${language}`, async () => {
    await admin.patch('/session', { language })
    const onDevice = async (device) => {
      const { page, foreign, broken, logged, close } = await open(browser, { base: company.url, session: admin, device, language })
      const faults = []
      for (const one of pages) {
        await page.goto(one.path)
        await whole(page)
        faults.push(...(await faultsOf(page, one, { device, language })))
        faults.push(...logged.splice(0).map((text) => `${device} ${one.path} logs: ${text}`))
      }
      faults.push(...foreign, ...broken)
      await close()
      return faults
    }
    assert.deepEqual((await Promise.all([onDevice('desk'), onDevice('phone')])).flat(), [])
  })
}

test('the first lead of a company is there at once, and home leads to it', async () => {
  await admin.patch('/session', { language: 'zh-CN' })
  const { page, broken, close } = await open(browser, { base: company.url, session: admin })
  await page.goto('/leads')
  await page.getByRole('main').getByRole('link', { name: '新建线索' }).first().click()
  await page.getByRole('textbox', { name: /^公司/ }).fill('第一家有限公司')
  await page.getByRole('textbox', { name: /^联系人/ }).fill('首先生')
  await page.getByRole('textbox', { name: /^电话/ }).fill('13912340001')
  await page.getByRole('button', { name: '保存线索' }).click()
  await page.getByRole('heading', { level: 1, name: '第一家有限公司' }).waitFor()
  await page.goto('/home')
  await page.getByRole('link', { name: '第一家有限公司', exact: true }).first().waitFor()
  assert.deepEqual(broken, [])
  await close()
})
