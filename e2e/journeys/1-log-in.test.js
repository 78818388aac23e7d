import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { roles } from '../api.js'
import { launch, open } from '../browser.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

for (const role of roles) {
  test(`${role} logs in and sees a home`, async () => {
    const { page, foreign, broken, close } = await open(browser)
    await new LoginPage(page).signIn(role)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.deepEqual(foreign, [])
    assert.deepEqual(broken, [])
    await close()
  })
}

test('a wrong password is refused in words', async () => {
  const { page, close } = await open(browser)
  await page.goto('/login')
  await page.getByLabel(/邮箱/).fill('sales@demo.example')
  await page.getByRole('textbox', { name: /密码/ }).fill('wrong')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('alert').first().waitFor()
  assert.match(page.url(), /\/login/)
  await close()
})
