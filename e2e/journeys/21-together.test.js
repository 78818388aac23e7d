import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { BulkPage } from '../pages/bulk.js'
import { Discussion } from '../pages/discussion.js'
import { LeadPage } from '../pages/lead.js'
import { SetupPage } from '../pages/setup.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** An operation of the manager's over one lead that stays as it is, once it has ended. */
async function operationOfTheManager() {
  const manager = await signIn('manager')
  const { body: leads } = await manager.get('/records/lead?limit=1&fields=city')
  const { id, city } = leads.items[0]
  const { status, body } = await manager.post('/operations', { object: 'lead', action: 'edit', ids: [id], fields: { city: city ?? '苏州' } })
  assert.equal(status, 201)
  return { id: body.id, asker: manager.user.name }
}

test('an administrator sees what others do to many records, a manager only his own', async () => {
  const { id, asker } = await operationOfTheManager()
  const admin = await open(browser, { role: 'admin' })
  const theirs = await new BulkPage(admin.page).history({ everybody: true })
  await theirs(id).getByText(`${asker} 发起`).waitFor()
  assert.equal(await theirs(id).getByRole('button', { name: '撤销' }).count(), 0)
  await admin.close()

  const manager = await open(browser, { role: 'manager' })
  const own = await new BulkPage(manager.page).history()
  await own(id).waitFor()
  assert.equal(await manager.page.getByRole('checkbox', { name: '包括其他人的操作' }).count(), 0)
  await manager.close()
})

test('a comment is put in other words, then taken back; the owner hears what a colleague changed', async () => {
  const manager = await signIn('manager')
  const sales = await signIn('sales')
  const { status, body: lead } = await manager.post('/records/lead', { company: '无锡评论装备有限公司', owner: sales.user.id })
  assert.equal(status, 201)
  const { page, close } = await open(browser, { role: 'manager' })
  const discussion = new Discussion(page)
  await new LeadPage(page).open(lead.id)
  await discussion.comment('报价 88 万')
  await discussion.edit('报价 88 万', '报价 86 万')
  await discussion.said(/报价 86 万（.* 编辑过）/).waitFor()
  await discussion.said(/修改了一条评论，原来是：报价 88 万/).waitFor()
  await discussion.delete('报价 86 万')
  await discussion.said('（评论已删除）').waitFor()
  assert.equal(await discussion.said(/8[68] 万/).count(), 0)
  await close()

  await manager.patch(`/records/lead/${lead.id}`, { base: { city: null }, city: '无锡' })
  const owner = await open(browser, { role: 'sales' })
  await owner.page.goto('/inbox')
  await owner.page.getByText(/无锡评论装备/).filter({ hasText: '无锡' }).first().waitFor()
  await new LeadPage(owner.page).open(lead.id)
  await owner.page.getByText('你是负责人，自动关注').waitFor()
  await owner.close()
  const admin = await signIn('admin')
  await admin.remove(`/records/lead/${lead.id}`)
})

/** The administrator's own draft, with the choice of that source retired. */
async function retiring(name) {
  const admin = await signIn('admin')
  const { body: lead } = await admin.get('/config/object/lead')
  const source = lead.fields.find((field) => field.name === 'source')
  source.choices.find((choice) => choice.name === name).retired = true
  const { body: draft } = await admin.post('/config/drafts', { label: '停用来源' })
  assert.equal((await admin.put(`/config/object/lead?draft=${draft.id}`, lead)).status, 200)
  return { admin, draft: draft.id }
}

test('before a change holds, the builder reads how many records it touches, and sees them', async () => {
  const { admin, draft } = await retiring('转介绍')
  const { body: having } = await admin.get(`/records/lead?limit=1&count=1&filter=${encodeURIComponent('source = "转介绍"')}`)
  const { page, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  await page.goto('/setup/changes')
  const dialog = await setup.review()
  const said = dialog.getByRole('region', { name: '会影响' }).getByText(`${having.count} 条线索的「来源」是「转介绍」，会保留，但不能再选`)
  await said.waitFor()
  if (having.count > 0) {
    const [list] = await Promise.all([page.context().waitForEvent('page'), said.getByRole('link', { name: '看这些记录' }).click()])
    await list.waitForURL((url) => url.pathname === '/leads' || url.pathname === '/o/lead')
    await list.close()
  }
  await admin.remove(`/config/drafts/${draft}`)
  await close()
})

test('a routing row’s condition is chosen row by row, beside its text', async () => {
  const { page, close } = await open(browser, { role: 'admin' })
  const setup = new SetupPage(page)
  await setup.open('routing-table', 'lead')
  await setup.tap(setup.row('规则行', '华东'))
  const rows = setup.list('规则行')
  const text = rows.getByLabel('条件', { exact: true })
  await rows.getByRole('button', { name: '按行选择' }).click()
  await rows.getByRole('checkbox', { name: '华南' }).check()
  await becomes(() => text.inputValue(), 'region IN ("华东", "华南")')
  await setup.opened()
  await text.fill('LEN(company) > 3')
  await rows.getByText('这个条件拆不成一行一行').waitFor()
  await text.fill('')
  await rows.getByRole('combobox', { name: '字段', exact: true }).selectOption({ label: '来源' })
  await rows.getByRole('checkbox', { name: '抖音' }).check()
  await becomes(() => text.inputValue(), 'source = "抖音"')
  await setup.opened()
  await close()
})
