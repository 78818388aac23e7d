import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { newPhone, pushClue } from '../douyin.js'
import { keep, watch } from '../pace.js'
import { Finder } from '../pages/finder.js'
import { HomePage } from '../pages/home.js'
import { LeadPage } from '../pages/lead.js'
import { NewLeadPage } from '../pages/new-lead.js'
import { findable } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('a new lead from the phone’s home within twenty seconds', async () => {
  const { page, close } = await open(browser, { role: 'sales', device: 'phone' })
  await new HomePage(page).open()
  const pace = await watch(page)
  pace.start()
  await page.getByRole('navigation', { name: '主菜单' }).last().getByRole('link', { name: '新建' }).tap()
  const form = new NewLeadPage(page)
  const company = '温州快录阀门有限公司'
  for (const [label, value] of Object.entries({ 公司: company, 联系人: '许工', 电话: newPhone() })) {
    const box = page.getByRole('textbox', { name: new RegExp(`^${label}`) })
    await box.tap()
    await box.pressSequentially(value)
  }
  await form.save()
  // The routing may give it to a colleague, whose leads a sales person does not see.
  await page.getByRole('heading', { level: 1, name: company }).or(page.getByText('按派单规则分给了其他同事')).first().waitFor()
  await keep('new lead on a phone', pace.stop(), { seconds: 20 })
  await close()
})

test('why this owner is one tap away, also on a phone', async () => {
  const { record } = await pushClue({ company: '衢州一问轴承有限公司' })
  const { page, close } = await open(browser, { role: 'manager', device: 'phone' })
  const lead = new LeadPage(page)
  await lead.open(record)
  const pace = await watch(page)
  pace.start()
  const answer = await lead.whyThisOwner()
  await answer.getByText('命中规则', { exact: false }).or(answer.getByRole('term')).first().waitFor()
  await keep('why this owner', pace.stop(), { taps: 1 })
  await close()
})

/** Four digits that no phone has which this person may read: what is found by them is found alone. */
async function freeDigits(api) {
  for (let digits = 9013; digits < 9999; digits++) {
    const { body } = await api.get(`/search?q=${digits}`)
    if (body.groups.length === 0) return String(digits)
  }
  assert.fail('every four digits are taken')
}

test('from four digits of a phone to the record', async () => {
  const admin = await signIn('admin')
  const { user } = await signIn('sales')
  const sales = await signIn('sales')
  const digits = await freeDigits(sales)
  const { body } = await admin.post('/records/lead', { company: '金华快寻电机有限公司', contact: '方工', phone: `1395${digits}579`, owner: user.id })
  await findable(sales, '快寻电机', body.id)
  const { page, close } = await open(browser, { role: 'sales' })
  await new HomePage(page).open()
  const pace = await watch(page)
  const finder = new Finder(page)
  pace.start()
  await finder.call()
  await page.keyboard.type(digits)
  await finder.hit('金华快寻电机有限公司').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/${body.id}`)
  await new LeadPage(page).title().waitFor()
  await keep('search to record', pace.stop(), { taps: 0, keys: 8, seconds: 8 })
  await admin.remove(`/records/lead/${body.id}`)
  await close()
})

test('a lead becomes company, contact and project', async () => {
  const manager = await signIn('manager')
  const { body } = await manager.post('/records/lead', { company: `丽水快转${Date.now()}有限公司`, contact: '金工', phone: newPhone() })
  const { page, broken, close } = await open(browser, { role: 'manager' })
  await new LeadPage(page).open(body.id)
  const { body: plan } = await manager.get(`/records/lead/${body.id}/convert`)
  assert.equal(plan.state, 'ready', JSON.stringify(plan))
  const label = plan.label
  await page.getByRole('button', { name: label }).waitFor()
  const pace = await watch(page)
  pace.start()
  await page.getByRole('button', { name: label }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: label }).click()
  await dialog.waitFor({ state: 'hidden' })
  await keep('convert', pace.stop(), { taps: 3, seconds: 20 })
  const { body: after } = await manager.get(`/records/lead/${body.id}/convert`)
  assert.equal(after.state, 'converted')
  assert.deepEqual(broken, [])
  await close()
})
