import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { BoardPage } from '../pages/board.js'
import { LeadPage } from '../pages/lead.js'
import { LeadToCashPage } from '../pages/lead-to-cash.js'
import { RecordPage } from '../pages/record.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

// Names of their own, so that the journeys may run again on the same company.
const run = String(Date.now()).slice(-6)

/** A fresh lead of the sales person, with everything that a conversion copies. */
async function leadOf(company) {
  const sales = await signIn('sales')
  const { status, body } = await sales.post('/records/lead', {
    company, contact: '何建国', phone: newPhone(), region: '华东', city: '苏州', product: 'VX-200',
    budget: { amount: '260000.00', currency: 'CNY' }, owner: sales.user.id,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** A project of the sales person at a stage. */
async function projectOf(name, stage) {
  const sales = await signIn('sales')
  const { status, body } = await sales.post('/records/project', { name, stage, owner: sales.user.id, amount: { amount: '80000.00', currency: 'CNY' } })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** Says how long each step took, and all together. */
function timed(t) {
  const began = Date.now()
  let last = began
  let n = 0
  return (what) => {
    t.diagnostic(`${++n}. ${what}: ${((Date.now() - last) / 1000).toFixed(1)} s (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    last = Date.now()
  }
}

test('from the lead to the payment: follow up, convert, move, sign, be paid, and the tile counts it', async (t) => {
  const [firm, line, deal] = [`昆山启衡${run}精工`, `启衡 VX-200 产线 ${run}`, `启衡 VX-200 采购合同 ${run}`]
  const sales = await signIn('sales')
  const manager = await signIn('manager')
  await sales.post('/records/company', { name: firm, owner: sales.user.id })
  const id = await leadOf(`${firm}有限公司`)
  const { page, foreign, broken, close } = await open(browser, { role: 'sales' })
  const boss = await open(browser, { role: 'manager' })
  const cash = new LeadToCashPage(boss.page)
  await cash.open()
  const paidBefore = await cash.records()
  const { body: cycle } = await manager.get('/cycles/lead-to-cash')
  const today = cycle.present.to
  const step = timed(t)

  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.followUp.did('电话沟通')
  await lead.followUp.promises('提交报价')
  await lead.followUp.save()
  await lead.followUp.saved().waitFor()
  step('follow-up')

  const record = new RecordPage(page)
  await record.convert.open()
  assert.ok(await record.convert.target('公司').getByRole('radio', { name: `使用已有的${firm}`, exact: true }).isChecked(), 'the known company is chosen')
  await record.convert.fill('项目', '项目名称', line)
  await record.convert.fill('项目', '预计金额', '258000.00')
  await record.convert.submit()
  await record.convert.made('项目').waitFor()
  step('convert')
  const { body: companies } = await sales.get(`/records/company?filter=${encodeURIComponent(`name = "${firm}" OR name = "${firm}有限公司"`)}`)
  assert.equal(companies.items.length, 1, 'no second company')

  const board = new BoardPage(page)
  await board.open()
  await board.card(line, '需求确认').waitFor()
  await board.drag(line, '方案确认中')
  await board.card(line, '方案确认中').waitFor()
  step('drag with the mouse')
  await board.moveByKeys(line, '报价')
  await board.card(line, '报价').waitFor()
  await board.told('已移到 报价').waitFor()
  await page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, `移动 ${line}`)
  step('move with the keyboard, which stays on the card')

  await board.card(line).getByRole('link').click()
  await record.stage().getByText('报价').waitFor()
  const contract = await record.add('合同')
  await contract.fill({ 合同名称: deal, 合同金额: '258000', 签订日期: today })
  await contract.save()
  await record.belongs(deal).waitFor()
  await record.sum('合计').getByText(/258,000\.00/).waitFor()
  step('contract from the project')

  await record.belongs(deal).click()
  await page.getByRole('heading', { level: 1, name: deal }).waitFor()
  const payment = await record.add('回款')
  await payment.fill({ 金额: '80000', 到账日期: today })
  await payment.choose('状态', '已到账')
  await payment.save()
  await record.sum('未收').getByText(/178,000\.00/).waitFor()
  step('payment from the contract')

  await cash.open()
  await becomes(() => cash.records(), paidBefore + 1)
  await cash.present().click()
  await boss.page.getByRole('link', { name: `${firm}有限公司` }).first().waitFor()
  step('the tile shows it, and opens it')
  assert.deepEqual([...foreign, ...boss.foreign], [])
  assert.deepEqual([...broken, ...boss.broken], [])
  await close()
  await boss.close()
})

test('a project is lost with a reason, comes back, and the undo knows the reason still', async (t) => {
  const name = `湖州瑞塑 检测线 ${run}`
  const id = await projectOf(name, '报价')
  const sales = await signIn('sales')
  const { page, broken, close } = await open(browser, { role: 'sales' })
  const step = timed(t)
  const board = new BoardPage(page)
  await board.open()
  const before = await board.count('已丢单')
  await board.drag(name, '已丢单')
  await page.getByRole('dialog', { name: '为什么？' }).getByRole('button', { name: '保存' }).click()
  await page.getByText('请选择原因').waitFor()
  await board.giveReason('丢单原因', '价格太高')
  await board.card(name, '已丢单').waitFor()
  // The card moves at once, before the server has answered.
  const reason = async () => (await sales.get(`/records/project/${id}`)).body.lost_reason
  await becomes(reason, '价格太高')
  await board.column('已丢单').and(page.getByRole('region', { name: `已丢单 ${before + 1}` })).waitFor()
  step('lost, with a reason')

  await board.moveByKeys(name, '报价')
  await board.card(name, '报价').waitFor()
  await board.told('已移到 报价').waitFor()
  await becomes(reason, null)
  await board.undo()
  await board.card(name, '已丢单').waitFor()
  await page.getByRole('region', { name: `已丢单 ${before + 1}`, exact: true }).waitFor()
  await becomes(reason, '价格太高')
  step('back, and undone')
  assert.deepEqual(broken, [])
  await close()
})

test('a drag that is let go elsewhere, or given up with Escape, moves nothing; a click still opens', async () => {
  const name = `嘉善优尼特 机器人 ${run}`
  const id = await projectOf(name, '需求确认')
  const sales = await signIn('sales')
  const { page, close } = await open(browser, { role: 'sales' })
  const board = new BoardPage(page)
  await board.open()
  const lift = async () => {
    const box = await board.card(name).boundingBox()
    await page.mouse.move(box.x + 30, box.y + box.height - 12)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, box.y + box.height)
    await page.locator('[data-lifted]').waitFor()
  }
  await lift()
  await page.mouse.move(700, 20, { steps: 3 })
  await page.mouse.up()
  await board.told('放回原处').waitFor()
  await lift()
  const target = await board.column('报价').boundingBox()
  await page.mouse.move(target.x + 40, target.y + 60, { steps: 3 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await page.locator('[data-lifted]').waitFor({ state: 'detached' })
  assert.equal((await sales.get(`/records/project/${id}`)).body.stage, '需求确认')
  await board.card(name).getByRole('link').click()
  await new RecordPage(page).stage().getByText('需求确认').waitFor()
  await close()
})

test('on the phone: tabs lead to the columns, a menu moves, and a long press carries', async (t) => {
  const name = `绍兴华纺 输送线 ${run}`
  await projectOf(name, '需求确认')
  const { page, broken, close } = await open(browser, { role: 'sales', device: 'phone' })
  const step = timed(t)
  const board = new BoardPage(page)
  await board.open()
  await board.moveByTap(name, '方案确认中')
  await board.card(name, '方案确认中').waitFor()
  await board.tab('方案确认中').tap()
  await page.waitForFunction(() => {
    const strip = document.querySelector('[data-strip]')
    return Math.abs(strip.children[1].getBoundingClientRect().left - strip.getBoundingClientRect().left) < 20
  })
  step('move by the menu, see it by its tab')
  await board.carryToTab(name, '需求确认')
  await board.card(name, '需求确认').waitFor()
  await board.told('已移到 需求确认').waitFor()
  step('carry with a long press')
  assert.deepEqual(broken, [])
  await close()
})

test('a conversion is undone, and the lead is as it was', async (t) => {
  const sales = await signIn('sales')
  const id = await leadOf(`南通永泰${run}机械有限公司`)
  const { page, broken, close } = await open(browser, { role: 'sales' })
  const step = timed(t)
  await new LeadPage(page).open(id)
  const { convert } = new RecordPage(page)
  await convert.open()
  await convert.submit()
  await convert.made('项目').waitFor()
  const { body: after } = await sales.get(`/records/lead/${id}`)
  step('convert')
  await convert.undoButton().click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '转商机', exact: true }).waitFor()
  step('undo')
  assert.equal((await sales.get(`/records/project/${after.project.id}`)).status, 404)
  const { body: lead } = await sales.get(`/records/lead/${id}`)
  assert.deepEqual([lead.project, lead.organisation, lead.converted_at], [null, null, null])
  assert.notEqual(lead.status, '已转商机')
  assert.deepEqual(broken, [])
  await close()
})

/** A project that has a contract, a contract that has payments, and a lead that can be converted. */
async function examples() {
  const manager = await signIn('manager')
  const one = async (object, filter) => (await manager.get(`/records/${object}?limit=1&filter=${encodeURIComponent(filter)}`)).body.items[0]
  const payment = await one('payment', 'NOT ISBLANK(contract)')
  const { body: contract } = await manager.get(`/records/contract/${payment.contract.id}`)
  const lead = await one('lead', 'status = "跟进中" AND NOT ISBLANK(company)')
  return { project: contract.project.id, contract: contract.id, lead: lead.id }
}

for (const look of [
  { device: 'desk', scheme: 'light', language: 'zh-CN' },
  { device: 'desk', scheme: 'dark', language: 'en' },
  { device: 'phone', scheme: 'light', language: 'en' },
  { device: 'phone', scheme: 'dark', language: 'zh-CN' },
]) {
  test(`no accessibility fault from lead to payment: ${Object.values(look).join(', ')}`, async () => {
    const { project, contract, lead } = await examples()
    const { page, close } = await open(browser, { role: 'manager', ...look })
    const faults = []
    const lookAt = async (what) => {
      for (const fault of await accessibilityFaults(page)) faults.push(`${what} ${fault}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) faults.push(`${what} is ${wide} px wider than the screen`)
    }
    for (const [path, whole] of [
      ['/o/project?layout=board', '[data-strip] [data-card]'],
      [`/o/project/${project}`, 'main ol [aria-current=step]'],
      [`/o/contract/${contract}`, 'main dl dd'],
      ['/dash/lead-to-cash', 'main ul a'],
      [`/o/lead/${lead}`, 'main [data-kind]'],
    ]) {
      await page.goto(path)
      await page.locator(whole).first().waitFor()
      await lookAt(path)
    }
    await page.getByRole('button', { name: /^(转商机|Convert)$/ }).click()
    await page.getByRole('dialog').getByRole('textbox').first().waitFor()
    await lookAt('the convert dialog')
    assert.deepEqual(faults, [])
    await close()
  })
}
