import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { keep } from '../pace.js'
import { FormPage } from '../pages/form.js'
import { SetupPage } from '../pages/setup.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** The version in force. */
async function version(admin) {
  return (await admin.get('/config/versions?limit=1')).body.items[0].version
}

test('a new choice, a routing row and a changed clock are published together within three minutes', async () => {
  const { page, foreign, broken, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  const begun = Date.now()

  await setup.find('来源', 'object', 'lead')
  await setup.tap(setup.row('字段', '来源'))
  await setup.tap(setup.button('添加选项'))
  await setup.type(setup.list('选项').getByLabel('名称', { exact: true }), '小红书')
  await setup.save()

  await setup.find('线索派单', 'routing-table', 'lead')
  await setup.tap(setup.button('添加规则行'))
  await setup.type(setup.list('规则行').getByLabel('标签（中文）'), '小红书线索')
  const condition = setup.list('规则行').getByLabel('条件', { exact: true }).last()
  await setup.type(condition, '来源=小红叔')
  await page.getByText(/第 1 行第 4 列：/).waitFor()
  await setup.type(condition, '来源=小红书')
  await setup.tap(setup.list('规则行').getByRole('button', { name: '接单组' }))
  await setup.choose(setup.list('规则行').getByRole('combobox', { name: '接单组' }), '华南组')
  await setup.opened()
  await setup.save()

  await setup.find('领取时限', 'clock', 'claim')
  await setup.type(setup.field('期限').locator('input').or(page.locator('input[aria-label="期限"]')).first(), '45')
  const dialog = await setup.review()
  const told = await dialog.innerText()
  for (const sentence of ['字段「来源」新增选项「小红书」', '新增规则行「小红书线索」', '期限由30 分钟 （工作时间）改为45 分钟 （工作时间）']) assert.ok(told.includes(sentence), `${sentence} in ${told}`)
  await setup.publish()
  await keep('choice + routing row + clock published', { taps: setup.steps, keys: setup.keys, seconds: (Date.now() - begun) / 1000 }, { taps: 30, seconds: 180 })

  const admin = await signIn('admin')
  const created = await admin.post('/records/lead', { company: '上海红薯科技有限公司', contact: '薛女士', phone: newPhone(), source: '小红书' })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  const { body: why } = await admin.get(`/records/lead/${created.body.id}/why`)
  assert.equal(why.owner.row_label, '小红书线索')
  assert.equal(why.owner.pool, 'south')
  const { body: clocks } = await admin.get(`/records/lead/${created.body.id}/clocks`)
  const claim = clocks.items.find(({ name }) => name === 'claim')
  assert.equal(claim.state, 'running')
  assert.equal(new Date(claim.due_at) - new Date(claim.started_at), 45 * 60_000)
  assert.deepEqual(foreign, [])
  assert.deepEqual(broken, [])
  await close()
})

test('a rule is tried before it holds, kept over a reload, and taken back', async () => {
  const admin = await signIn('admin')
  const { page, broken, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  await setup.open('routing-table', 'lead')
  await setup.tap(setup.row('规则行', '华东'))
  const pool = setup.list('规则行').getByRole('combobox', { name: '接单组' })
  await setup.choose(pool, '华北组')
  const panel = page.getByRole('complementary', { name: '试一试' })
  await panel.getByRole('combobox', { name: '添加一个值…' }).selectOption({ label: '地区' })
  await panel.getByRole('combobox', { name: '地区' }).selectOption({ label: '华东' })
  await panel.getByRole('region', { name: '按现在的编辑' }).getByText('规则行“华东”').waitFor()
  await panel.getByRole('region', { name: '按生效版本' }).getByText('规则行“华东”').waitFor()
  assert.notEqual(await panel.getByRole('region', { name: '按现在的编辑' }).innerText(), await panel.getByRole('region', { name: '按生效版本' }).innerText())

  await page.reload()
  await page.getByText('已恢复上次未保存的内容。').waitFor()
  await setup.tap(setup.row('规则行', '华东'))
  assert.equal(await pool.inputValue(), 'north')

  const before = await version(admin)
  await (await setup.review()).getByText('接单组由华东组改为华北组').waitFor()
  await setup.publish()
  assert.equal(await version(admin), before + 1)
  await setup.act('历史版本')
  const drawer = setup.drawer()
  await drawer.getByText('接单组由华东组改为华北组').waitFor()
  await drawer.getByRole('button', { name: '全部恢复到这一版' }).first().click()
  await drawer.getByRole('alertdialog').getByRole('button', { name: '全部恢复到这一版' }).click()
  await drawer.waitFor({ state: 'hidden' })
  const { body } = await admin.get('/config/routing-table/lead')
  assert.equal(body.rows.find(({ id }) => id === 'crm.routing.lead.east').then.pool, 'east')
  assert.deepEqual(broken, [])
  await close()
})

test('a mapping is written beside a captured delivery', async () => {
  const { page, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  await setup.open('channel', 'douyin')
  const panel = page.getByRole('complementary', { name: '样例' })
  const result = panel.getByLabel('得到的记录', { exact: true })
  await result.getByText('需求机型').or(result.getByText('公司')).first().waitFor()
  await panel.getByRole('combobox', { name: '收到的数据' }).selectOption('')
  await panel.getByRole('textbox', { name: '粘贴一段收到的 JSON' }).fill(JSON.stringify({ message_id: 'm1', data: JSON.stringify({ clue_id: 'c1', name: '王工', telephone: '13900007777', shop: '上海样机' }) }))
  await result.getByText('王工').waitFor()
  await setup.tap(setup.row('字段映射', '公司'))
  const paths = setup.list('字段映射').getByRole('textbox', { name: '添加路径' })
  await paths.fill('shop')
  await paths.press('Enter')
  await result.getByText('上海样机').waitFor()
  await close()
})

test('a form’s questions are put in another order and the public page shows it', async () => {
  const { page, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  await setup.open('form', 'expo')
  assert.match((await setup.names('字段'))[0], /联系人/)
  await setup.row('字段', '公司').focus()
  await setup.press('Alt+ArrowUp')
  await setup.press('Alt+ArrowUp')
  await becomes(async () => /公司/.test((await setup.names('字段'))[0]), true)
  const preview = page.getByRole('complementary', { name: '预览' })
  await preview.getByRole('listitem').first().filter({ hasText: '公司' }).waitFor()
  const drawn = await preview.getByRole('img', { name: '二维码' }).evaluate((image) => image.decode().then(() => image.naturalWidth))
  assert.ok(drawn > 0)
  const dialog = await setup.review()
  await dialog.getByText('字段「company」移到第 1 位').or(dialog.getByText(/公司.*移到第 1 位/)).first().waitFor()
  await setup.publish()

  const visitor = await open(browser, { device: 'phone' })
  const form = new FormPage(visitor.page)
  await form.open('/f/expo')
  assert.match(await visitor.page.locator('form label').first().innerText(), /公司/)
  await visitor.close()
  await close()
})

test('on a phone everything is there, and nothing stands in the way of assistive technology', async () => {
  for (const [device, paths] of [['phone', ['/setup', '/setup/routing-table/lead', '/setup/role/sales']], ['desk', ['/setup', '/setup/object/lead', '/setup/role/sales', '/setup/channel/website-api', '/setup/calendar/cn', '/setup/lexicon/demand']]]) {
    const { page, broken, close } = await open(browser, { role: 'admin', device })
    for (const path of paths) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      assert.deepEqual(await accessibilityFaults(page), [], path)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(overflow <= 0, `${path} is ${overflow} px too wide on the ${device}`)
    }
    assert.deepEqual(broken, [])
    await close()
  }
})

test('whoever may not change the configuration does not find it', async () => {
  const { page, close } = await open(browser, { role: 'sales' })
  await page.goto('/home')
  await page.getByRole('navigation').first().waitFor()
  assert.equal(await page.getByRole('link', { name: '配置' }).count(), 0)
  await close()
  const sales = await signIn('sales')
  assert.equal((await sales.get('/config')).status, 403)
})
