import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { emailOf, password, signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { keep, watch } from '../pace.js'
import { Keyboard } from '../pages/keyboard.js'
import { ListPage } from '../pages/list.js'
import { RecordPage } from '../pages/record.js'
import { becomes, findable } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** A lead of the seller of the journeys, with a promise that is due today. */
async function leadOfSales(company) {
  const manager = await signIn('manager')
  const { user } = await signIn('sales')
  const { status, body } = await manager.post('/records/lead', { company, contact: '键先生', phone: newPhone(), owner: user.id })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

test('a seller’s morning without a mouse: log in, follow up, list, filter, view, search', async () => {
  const lead = await leadOfSales(`嘉兴键盘${Date.now()}有限公司`)
  await findable(await signIn('sales'), lead.company, lead.id)
  const { page, broken, foreign, close } = await open(browser)
  const keyboard = new Keyboard(page)
  await page.goto('/login')
  await page.getByRole('textbox', { name: '邮箱' }).waitFor()
  const pace = await watch(page)
  pace.start()
  await keyboard.write(page.getByRole('textbox', { name: '邮箱' }), emailOf('sales'))
  await keyboard.write(page.getByRole('textbox', { name: '密码' }), password)
  await keyboard.press('Enter')
  await page.waitForURL('**/home')
  await page.getByRole('heading', { level: 1 }).waitFor()

  // Past the menu, which the first stop leads around.
  await keyboard.use(page.getByRole('link', { name: '跳到正文' }))
  await page.waitForFunction(() => document.activeElement?.id === 'content')

  // To the lead, and what was done there.
  await keyboard.press('Control+k')
  await page.getByRole('dialog', { name: '查找记录或命令' }).getByRole('combobox').waitFor()
  await keyboard.type(lead.company)
  await page.getByRole('option', { name: lead.company }).first().waitFor()
  await keyboard.press('Enter')
  await page.waitForURL(`**/${lead.id}`)
  const card = page.getByRole('form', { name: '跟进' })
  await keyboard.use(card.getByRole('radiogroup', { name: '本次动作' }).getByRole('radio').first(), 'Space')
  await keyboard.write(card.getByRole('textbox', { name: '一句话' }), '键盘记下的一句话')
  await keyboard.use(card.getByRole('radiogroup', { name: '下一步' }).getByRole('radio').first(), 'Space')
  await keyboard.use(card.getByRole('button', { name: /明天/ }))
  await keyboard.press('Control+Enter')
  await page.getByText('跟进已保存').waitFor()
  await page.waitForFunction(() => document.activeElement !== document.body)

  // The list: rows, a record and back, a cell.
  await keyboard.press('Escape')
  await page.evaluate(() => document.activeElement.blur())
  await keyboard.press('g', 'l')
  await page.waitForURL((url) => url.pathname === '/leads')
  const list = new ListPage(page)
  await page.locator('[data-record]').first().waitFor()
  await keyboard.press('j')
  const here = () => list.grid.getAttribute('aria-activedescendant')
  const first = await here()
  await keyboard.press('j')
  assert.notEqual(await here(), first)
  await keyboard.press('k')
  assert.equal(await here(), first)
  await keyboard.press('Enter')
  await page.waitForURL(/\/o\/lead\/[0-9a-f-]+$/)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.goto('/leads?view=lead.all')
  await list.grid.waitFor()

  // A filter built by choosing, kept as a view.
  await keyboard.press('/')
  await page.getByRole('combobox', { name: '字段', exact: true }).waitFor()
  await keyboard.write(page.locator('main form input[type=text], main form input:not([type])').first(), lead.company)
  await keyboard.press('Enter')
  await list.count(1).waitFor()
  await keyboard.press('Escape')
  await keyboard.use(page.getByRole('button', { name: '另存为新视图' }))
  const dialog = page.getByRole('dialog', { name: '另存为新视图' })
  await keyboard.write(dialog.getByRole('textbox').first(), '键盘视图')
  await keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('radio', { name: '键盘视图', checked: true }).waitFor({ state: 'attached' })
  await page.getByRole('group', { name: '已修改' }).waitFor({ state: 'hidden' })
  await list.count(1).waitFor()

  // A cell of its only row.
  await page.evaluate(() => document.activeElement.blur())
  await keyboard.press('j', 'ArrowRight', 'F2')
  await page.getByRole('textbox', { name: '联系人' }).waitFor()
  await keyboard.press('Control+a')
  await keyboard.type('键女士')
  await keyboard.press('Enter')
  await page.getByRole('textbox', { name: '联系人' }).waitFor({ state: 'detached' })
  const sales = await signIn('sales')
  await becomes(async () => (await sales.get(`/records/lead/${lead.id}`)).body.contact, '键女士')
  await keep('a morning by keyboard alone', pace.stop(), { taps: 0, seconds: 90 })
  assert.deepEqual(broken, [])
  assert.deepEqual(foreign, [])
  await close()
})

test('? shows every key on any page, and nothing takes letters from a field', async () => {
  const { page, broken, close } = await open(browser, { role: 'sales' })
  const keyboard = new Keyboard(page)
  await page.goto('/home')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await keyboard.press('?')
  const overview = page.getByRole('dialog', { name: '键盘快捷键' })
  await overview.getByText('去线索').waitFor()
  assert.equal(await overview.getByText('去配置').count(), 0, 'a seller is not led where he may not go')
  assert.deepEqual(await accessibilityFaults(page), [])
  await keyboard.press('Escape')
  await overview.waitFor({ state: 'hidden' })
  await keyboard.press('n')
  await page.waitForURL('**/leads/new')
  const field = page.getByRole('textbox', { name: /^公司/ })
  await keyboard.write(field, 'gl?n')
  assert.equal(await field.inputValue(), 'gl?n')
  assert.ok(page.url().endsWith('/leads/new'))
  assert.deepEqual(broken, [])
  await close()
})

test('convert, move on the board, write to a colleague, who is told: all by keys', async () => {
  const company = `丽水键转${Date.now()}有限公司`
  const manager = await signIn('manager')
  const { user } = await signIn('sales')
  const { body: lead } = await manager.post('/records/lead', { company, contact: '金工', phone: newPhone(), owner: user.id })
  const { page, broken, close } = await open(browser, { role: 'manager' })
  const keyboard = new Keyboard(page)
  const record = new RecordPage(page)
  await record.open('lead', lead.id)
  await keyboard.use(page.getByRole('button', { name: '转商机', exact: true }))
  const dialog = page.getByRole('dialog', { name: '转商机' })
  await keyboard.use(dialog.getByRole('button', { name: '转商机', exact: true }))
  await dialog.waitFor({ state: 'hidden' })
  const { body: after } = await manager.get(`/records/lead/${lead.id}/convert`)
  assert.equal(after.state, 'converted')

  // A word to a colleague under it.
  const box = page.getByRole('textbox', { name: /写给同事|评论/ })
  await keyboard.tabTo(box)
  await keyboard.type(`请看 @${user.name.slice(0, 2)}`)
  await page.getByRole('listitem').getByRole('button', { name: user.name, exact: true }).waitFor()
  await keyboard.press('Enter')
  await keyboard.press('Control+Enter')
  await page.getByRole('main').getByText(/^请看/).first().waitFor()

  // The project of it, one stage on.
  const { body: projects } = await manager.get(`/records/project?limit=1&sort=-created_at`)
  const project = projects.items[0]
  await page.goto('/o/project?layout=board')
  const menu = page.getByRole('button', { name: `移动 ${project.name}`, exact: true })
  await keyboard.use(menu)
  await page.getByRole('menuitem').first().waitFor()
  await keyboard.press('Escape')
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' })
  await keyboard.seen()
  await keyboard.press('Enter')
  await page.getByRole('menuitem').first().waitFor()
  await page.waitForFunction(() => document.activeElement?.role === 'menuitem')
  await keyboard.press('Enter')
  await page.getByRole('status').filter({ hasText: /移到/ }).first().waitFor()
  await becomes(async () => (await manager.get(`/records/project/${project.id}`)).body.stage !== project.stage, true)
  assert.deepEqual(broken, [])
  await close()

  const colleague = await open(browser, { role: 'sales' })
  const keys = new Keyboard(colleague.page)
  await colleague.page.goto('/home')
  await colleague.page.getByRole('heading', { level: 1 }).waitFor()
  await keys.press('g', 'i')
  await colleague.page.waitForURL('**/inbox')
  await keys.use(colleague.page.getByRole('main').getByRole('listitem').filter({ hasText: company }).first().getByRole('link'))
  await colleague.page.waitForURL((url) => /^\/o\/[a-z]+\/[0-9a-f-]+$/.test(url.pathname))
  await colleague.page.getByRole('heading', { level: 1, name: new RegExp(company) }).waitFor()
  await colleague.close()
})

test('a clock is changed and published by keys', async () => {
  const admin = await signIn('admin')
  const { body: before } = await admin.get('/config/clock/claim')
  const { page, broken, close } = await open(browser, { role: 'admin' })
  const keyboard = new Keyboard(page)
  await page.goto('/home')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await keyboard.press('g', 's')
  await keyboard.write(page.getByRole('searchbox', { name: /搜索配置/ }), '领取时限')
  await keyboard.use(page.getByRole('list', { name: '搜索结果' }).locator('a[href="/setup/clock/claim"]'))
  await page.getByText('检查通过').waitFor()
  await keyboard.write(page.locator('input[aria-label="期限"]').or(page.getByLabel('期限', { exact: true }).locator('input')).first(), '37')
  await keyboard.press('Control+s')
  await page.getByText('草稿', { exact: true }).waitFor()
  await keyboard.tabTo(page.getByRole('button', { name: '发布…' }), { back: true })
  await keyboard.press('Enter')
  await keyboard.use(page.getByRole('dialog').getByRole('button', { name: '立即发布' }))
  await page.getByText(/已发布，版本 \d+/).first().waitFor()
  assert.equal((await admin.get('/config/clock/claim')).body.target.minutes, 37)
  assert.deepEqual(broken, [])
  await close()
  const { id } = (await admin.post('/config/drafts', { label: '键盘' })).body
  await admin.put(`/config/clock/claim?draft=${id}`, before)
  const { status, body } = await admin.post(`/config/drafts/${id}/publish`, {})
  assert.ok(status < 300, JSON.stringify(body))
})
