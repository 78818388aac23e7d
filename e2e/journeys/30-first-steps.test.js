import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { logIn } from '../api.js'
import { launch, open } from '../browser.js'
import { FirstSteps } from '../pages/first-steps.js'
import { startEmpty } from '../server.js'

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

const ok = ({ status, body }) => {
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}

test('an administrator alone sees what to do next, and is there in one tap', async () => {
  const { page, foreign, broken, logged, close } = await open(browser, { base: company.url, session: admin, device: 'phone' })
  const steps = new FirstSteps(page)
  await steps.open()
  assert.deepEqual(await steps.standing(), ['邀请同事 ←', '建立部门', '把销售放进接单组', '接入线索来源', '连接群机器人', '核对工作日历 ✓', '做第一次备份'])

  await steps.take('邀请同事')
  await page.getByRole('button', { name: '新建用户' }).waitFor()
  const seller = ok(await admin.post('/users', { name: '林悦', email: 'lin@empty.example', roles: ['sales'] }))
  await steps.open()
  await steps.take('建立部门')
  await page.getByRole('button', { name: '新建部门' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('华东销售部')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '华东销售部' }).waitFor()
  await steps.open()
  assert.deepEqual((await steps.standing()).slice(0, 3), ['邀请同事 ✓', '建立部门 ✓', '把销售放进接单组 ←'])

  await steps.take('把销售放进接单组')
  await page.getByRole('region', { name: '华东组' }).waitFor()
  ok(await admin.put('/pools/east/members', { members: [{ user: seller.id }] }))
  await steps.open()
  await steps.take('连接群机器人')
  await page.getByRole('link', { name: /组长飞书群/ }).click()
  const panel = page.getByRole('complementary', { name: '连接' })
  await panel.getByText('未连接', { exact: false }).waitFor()
  await panel.getByLabel('Webhook 地址').fill('https://open.feishu.cn/open-apis/bot/v2/hook/11-22')
  await panel.getByRole('button', { name: '连接' }).click()
  await panel.getByText('已连接', { exact: false }).waitFor()
  await steps.open()
  assert.deepEqual((await steps.standing()).slice(2), ['把销售放进接单组 ✓', '接入线索来源 ←', '连接群机器人 ✓', '核对工作日历 ✓', '做第一次备份'])

  await steps.take('接入线索来源')
  await page.getByRole('link', { name: '官网接口' }).waitFor()
  ok(await admin.put('/channels/website-api/secret', { secret: 'website-secret-1' }))
  const arrived = await fetch(`${company.url}/in/website-api`, {
    method: 'POST',
    headers: { Authorization: 'Bearer website-secret-1', 'Content-Type': 'application/json' },
    body: JSON.stringify({ contact: '周敏', company: '恒力精工', phone: '13912340001' }),
  })
  assert.equal(arrived.status, 200, await arrived.text())
  await steps.open()
  assert.deepEqual((await steps.standing()).filter((step) => !step.endsWith('✓')), ['做第一次备份 ←'])
  await steps.take('做第一次备份')
  await page.getByText('还没有做过备份').waitFor()
  assert.deepEqual([foreign, broken, logged], [[], [], []])
  await close()
})

test('the steps are put away by keyboard, brought back, and stay away', async () => {
  const { page, broken, close } = await open(browser, { base: company.url, session: admin })
  const steps = new FirstSteps(page)
  await steps.open()
  const putAway = steps.box.getByRole('button', { name: '收起开始使用' })
  await putAway.focus()
  await page.keyboard.press('Enter')
  await steps.box.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '撤销' }).click()
  await putAway.click()
  await steps.box.waitFor({ state: 'detached' })
  await steps.open()
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await steps.box.count(), 0)
  assert.deepEqual(broken, [])
  await close()
})

test('a company that is at work is asked for no first steps', async () => {
  const { page, broken, close } = await open(browser, { role: 'admin' })
  const steps = new FirstSteps(page)
  await steps.open()
  await page.getByRole('main').getByRole('link', { name: /待分配/ }).first().waitFor()
  assert.equal(await steps.box.count(), 0)
  assert.deepEqual(broken, [])
  await close()
})
