import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { FollowUpCard } from '../pages/follow-up.js'
import { RecordPage } from '../pages/record.js'
import { becomes, findable } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

async function leadOfSales(company) {
  const manager = await signIn('manager')
  const { user } = await signIn('sales')
  const { status, body } = await manager.post('/records/lead', { company, contact: '弱先生', phone: newPhone(), owner: user.id })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

test('a project is made by hand: its company is found by a few letters, never typed as an id', async () => {
  const manager = await signIn('manager')
  const name = `无锡引用${Date.now()}有限公司`
  const { body: company } = await manager.post('/records/company', { name, city: '无锡' })
  await findable(manager, name, company.id)
  const { page, broken, close } = await open(browser, { role: 'manager' })
  await page.goto('/o/project/new')
  const title = `${name} 视觉检测`
  await page.getByRole('textbox', { name: '项目名称' }).fill(title)
  const box = page.getByRole('combobox', { name: /^公司/ })
  await box.fill('无锡引用')
  await page.getByRole('option', { name }).first().waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.keyboard.press('Enter')
  await becomes(() => box.inputValue(), name)
  await page.getByRole('button', { name: '保存项目' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByRole('link', { name, exact: true }).first().waitFor()

  // On the record it is changed in the same way; Escape keeps what there was.
  await page.getByRole('region', { name: '基本' }).getByRole('button', { name: /^编辑/ }).click()
  const field = page.getByRole('combobox', { name: '公司' })
  await field.fill('上海')
  await page.keyboard.press('Escape')
  await becomes(() => field.inputValue(), name)

  // The company knows its project.
  const record = new RecordPage(page)
  await record.open('company', company.id)
  await record.belongs(title).waitFor()
  assert.deepEqual(broken, [])
  await close()
})

test('without a network nothing that was typed is lost, and one tap saves it once there is one again', async () => {
  const lead = await leadOfSales(`苏州弱网${Date.now()}有限公司`)
  const { page, broken, close } = await open(browser, { role: 'sales', device: 'phone' })
  await page.goto(`/leads/${lead.id}`)
  const card = new FollowUpCard(page)
  await card.did('电话沟通')
  await card.says('车间里没有信号')
  await card.promises('提交报价')
  await page.context().setOffline(true)
  await card.save()
  // It says that it is not saved; the words stand where they stood.
  await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor()
  assert.equal(await card.saved().count(), 0)
  assert.equal(await card.text(), '车间里没有信号')
  await page.context().setOffline(false)
  await card.save()
  await card.saved().waitFor()
  const sales = await signIn('sales')
  const { body } = await sales.get(`/records/lead/${lead.id}/thread`)
  assert.equal(body.items.filter(({ kind, text }) => kind === 'follow_up' && text.includes('车间里没有信号')).length, 1)
  assert.deepEqual(broken, [])
  await close()
})

test('an address that leads nowhere stands within the app and leads on, by the menu too', async () => {
  const { page, broken, close } = await open(browser, { role: 'sales' })
  for (const path of ['/no/such/page', '/leadz', '/setup/x/y/z']) {
    await page.goto(path)
    await page.getByText('没有这个页面').first().waitFor()
    assert.ok(await page.getByRole('navigation', { name: '主菜单' }).first().isVisible(), path)
  }
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('main').getByRole('link', { name: '回到工作台' }).click()
  await page.waitForURL('**/home')
  await page.goto(`/leads/00000000-0000-7000-8000-000000000000`)
  await page.getByRole('main').getByText(/没有|不存在|无权/).first().waitFor()
  assert.deepEqual(broken, [])
  await close()

  // Who is not logged in learns nothing of what there is.
  const stranger = await open(browser)
  await stranger.page.goto('/no/such/page')
  await stranger.page.waitForURL((url) => url.pathname === '/login')
  await stranger.close()
})
