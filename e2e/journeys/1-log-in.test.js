import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open } from '../browser.js'
import { HomePage } from '../pages/home.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** What each role finds first: the figures of its home, and what its menu must and must not hold. */
const homes = {
  sales: { figures: ['已超时', '待首触', '今天到期', '之后到期'], menu: ['线索', '收件箱'], hidden: ['渠道', '人员'] },
  manager: { figures: ['待分配', '已超时'], menu: ['线索', '仪表盘'], hidden: [] },
  marketing: { figures: ['待补全', '今日新增'], menu: ['渠道', '仪表盘'], hidden: [] },
  service: { figures: ['待受理工单', '合同即将到期'], menu: ['工单'], hidden: ['渠道'] },
  admin: { figures: ['待分配'], menu: ['渠道', '人员', '仪表盘'], hidden: [] },
}

for (const [role, { figures, menu, hidden }] of Object.entries(homes)) {
  test(`${role} logs in and sees the home of the role`, async () => {
    const { page, foreign, broken, close } = await open(browser)
    await new LoginPage(page).signIn(role)
    const home = new HomePage(page)
    for (const label of figures) await home.figure(label).waitFor()
    // The lists in the menu come with the catalogue, which may be later than the home.
    for (const place of menu) await page.getByRole('navigation').getByRole('link').filter({ hasText: place }).first().waitFor()
    const places = await page.getByRole('navigation').getByRole('link').allInnerTexts()
    for (const place of hidden) assert.ok(!places.includes(place), `${place} not in ${places}`)
    assert.deepEqual(foreign, [])
    assert.deepEqual(broken, [])
    await close()
  })
}

test('one tap on a person of the demo logs in', async () => {
  const { page, close } = await open(browser, { device: 'phone' })
  await page.goto('/login?next=/me')
  await page.getByRole('button', { name: /林晓峰/ }).tap()
  await page.waitForURL('**/me')
  await close()
})

test('a wrong password is refused in words', async () => {
  const { page, close } = await open(browser)
  await page.goto('/login')
  await page.getByLabel(/邮箱/).fill('nobody@demo.example')
  await page.getByRole('textbox', { name: /密码/ }).fill('wrong')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('alert').getByText('邮箱或密码不对').waitFor()
  assert.match(page.url(), /\/login/)
  await close()
})
