import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { accessibilityFaults, launch, open } from '../browser.js'
import { takePictures } from '../guide/pictures.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const languages = ['zh-CN', 'en']
const folderOf = (language) => new URL(`../../docs/guide/${language}/`, import.meta.url)

/** The text of every page of the guide in a language. */
async function textOf(language) {
  const names = (await readdir(folderOf(language))).filter((name) => name.endsWith('.md'))
  return (await Promise.all(names.map((name) => readFile(new URL(name, folderOf(language)), 'utf8')))).join('\n')
}

for (const language of languages) {
  test(`every picture of the guide can be taken anew: ${language}`, async () => {
    const place = await mkdtemp(join(tmpdir(), 'clew-guide-'))
    await takePictures(browser, language, place)
    const shown = [...(await textOf(language)).matchAll(/\]\(images\/([^)]+)\)/g)].map(([, name]) => name)
    const taken = await readdir(place)
    assert.deepEqual([...new Set(shown)].sort(), taken.sort())
    for (const name of taken) assert.ok((await stat(join(place, name))).size > 5000, `${name} is blank`)
    await rm(place, { recursive: true })
  })
}

test('every screen that the guide names is there', async () => {
  const named = new Set([...(await textOf('zh-CN')).matchAll(/`(\/[a-z0-9./-]+)`/g)].map(([, path]) => path))
  const screens = [...named].filter((path) => !/^\/(api|etc|usr|healthz|metrics|readyz|debug|var|auth)\b/.test(path))
  assert.ok(screens.length > 20, `${screens}`)
  const { page, broken, close } = await open(browser, { role: 'admin' })
  for (const path of screens) {
    const answer = await page.goto(path)
    assert.equal(answer.status(), 200, path)
    await page.locator('h1, h2').first().waitFor()
    assert.equal(await page.getByText(/^(没有这个页面|这一页出错了。|这份配置打不开|没有渠道 .*)$/).count(), 0, path)
  }
  assert.deepEqual(broken, [])
  await close()
})

test('the question mark opens the page about the screen, and the help leads on by keyboard', async () => {
  const { page, foreign, close } = await open(browser, { role: 'sales' })
  await page.goto('/home')
  const [own] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: '使用指南（新窗口）' }).click()])
  await own.getByRole('heading', { level: 1, name: '销售的第一天' }).waitFor()
  await own.goto('/leads')
  const list = await own.getByRole('link', { name: '使用指南（新窗口）' }).getAttribute('href')
  assert.equal(list, '/help/zh-CN/lists')
  await own.goto(list)
  await own.keyboard.press('Tab')
  await own.keyboard.press('Enter')
  await own.waitForFunction(() => document.activeElement?.id === 'content')
  await own.goto(list)
  await own.getByRole('link', { name: 'English' }).focus()
  await own.keyboard.press('Enter')
  await own.getByRole('heading', { level: 1, name: 'Lists' }).waitFor()
  assert.equal(await own.evaluate(() => document.documentElement.lang), 'en')
  await own.getByRole('link', { name: 'Back to the app' }).click()
  await own.waitForURL('**/home')
  await page.goto('/me')
  assert.equal(await page.getByRole('link', { name: '使用指南', exact: true }).getAttribute('href'), '/help/first-day?lang=zh-CN')
  assert.deepEqual(foreign, [])
  await close()
})

test('the help has no accessibility fault in either scheme, and fits a phone', async () => {
  const faults = []
  for (const device of ['desk', 'phone']) {
    for (const scheme of ['light', 'dark']) {
      const { page, foreign, broken, close } = await open(browser, { device, scheme })
      for (const path of ['/help/zh-CN', '/help/zh-CN/first-day-sales', '/help/en/first-day-it', '/help/en/install']) {
        await page.goto(path)
        await page.waitForLoadState('networkidle')
        for (const fault of await accessibilityFaults(page)) faults.push(`${path} ${device} ${scheme} ${fault}`)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) faults.push(`${path} is ${wide} px wider than the ${device}`)
      }
      faults.push(...foreign, ...broken)
      await close()
    }
  }
  assert.deepEqual(faults, [])
})
