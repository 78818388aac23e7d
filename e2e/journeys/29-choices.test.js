import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { accessibilityFaults, launch, open } from '../browser.js'
import { ListPage } from '../pages/list.js'
import { RecordPage } from '../pages/record.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** A contact of the manager's own that nobody else touches. */
async function newContact(name, roles) {
  const manager = await signIn('manager')
  const { status, body } = await manager.post('/records/contact', { name, roles })
  assert.equal(status, 201, JSON.stringify(body))
  return { id: body.id, roles: async () => (await manager.get(`/records/contact/${body.id}`)).body.roles }
}

test('several choices of a contact are tapped on a phone, and nothing is typed', async () => {
  const contact = await newContact('多选手机联系人', ['决策者'])
  const { page, broken, close } = await open(browser, { role: 'manager', device: 'phone' })
  const record = new RecordPage(page)
  await record.open('contact', contact.id)
  const roles = await record.editChoices('决策角色')
  for (const chip of await roles.locator('label').all()) assert.ok((await chip.boundingBox()).height >= 44, 'a chip is large enough for a thumb')
  await roles.getByRole('checkbox', { name: '采购' }).tap()
  await roles.getByRole('checkbox', { name: '决策者' }).tap()
  await roles.getByRole('checkbox', { name: '技术评估者' }).tap()
  assert.deepEqual(await accessibilityFaults(page), [])
  await record.saveFacts()
  await becomes(contact.roles, ['技术评估者', '采购'])
  assert.deepEqual(broken, [])
  await close()
})

test('in a list they are asked for, and changed in their cell, by the keyboard alone', async () => {
  const contact = await newContact('多选列表联系人', ['采购'])
  await newContact('多选列表旁人', ['使用方'])
  const { page, broken, close } = await open(browser, { role: 'manager' })
  const list = new ListPage(page)
  await list.open('/o/contact?columns=name,roles')
  await list.openFilter()
  await list.condition('决策角色', undefined, '采购')
  await page.getByRole('checkbox', { name: '决策者', exact: true }).check()
  await list.addCondition()
  await page.getByRole('combobox', { name: '字段', exact: true }).last().selectOption({ label: '姓名' })
  await page.getByRole('textbox', { name: '值', exact: true }).fill('多选列表')
  await list.apply()
  await page.waitForURL((url) => url.searchParams.get('filter') === '(CONTAINS(roles, "决策者") OR CONTAINS(roles, "采购")) AND CONTAINS(name, "多选列表")')
  await list.count(1).waitFor()

  await list.cell('多选列表联系人', 'roles').dblclick()
  const chips = page.getByRole('group', { name: '决策角色' })
  await chips.waitFor()
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.keyboard.press('Space') // 技术评估者, where the focus begins
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space') // 预算审批人
  await page.keyboard.press('Enter')
  await chips.waitFor({ state: 'hidden' })
  await becomes(contact.roles, ['技术评估者', '预算审批人', '采购'])
  await list.cell('多选列表联系人', 'roles').getByText('预算审批人').waitFor()

  await page.keyboard.press('Control+z')
  await becomes(contact.roles, ['采购'])
  assert.deepEqual(broken, [])
  await close()
})
