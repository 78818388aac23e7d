import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open } from '../browser.js'
import { newPhone, pushClue } from '../douyin.js'
import { LeadPage } from '../pages/lead.js'
import { NewLeadPage } from '../pages/new-lead.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('a lead in at most five fields', async () => {
  const { page, close } = await open(browser, { role: 'sales', device: 'phone' })
  const form = new NewLeadPage(page)
  await form.open()
  assert.ok((await form.inputs().count()) <= 5)
  await form.fill({ 公司: '绍兴新创纺机有限公司', 联系人: '陈工', 电话: newPhone() })
  await form.save()
  // The routing may give it to a colleague, whose leads a sales person does not see.
  await page.getByRole('heading', { level: 1, name: '绍兴新创纺机有限公司' }).or(page.getByText('按派单规则分给了其他同事')).first().waitFor()
  await close()
})

test('a known phone warns while typing and may be recorded as a touch', async () => {
  const phone = newPhone()
  const { record } = await pushClue({ company: '湖州明川电机有限公司', phone })
  const { page, close } = await open(browser, { role: 'manager' })
  const form = new NewLeadPage(page)
  await form.open()
  await form.fill({ 公司: '湖州明川', 联系人: '李工', 电话: phone })
  await form.duplicateWarning().waitFor()
  await form.save()
  await form.recordAsTouch()
  await page.waitForURL(new RegExp(record))
  await new LeadPage(page).title().waitFor()
  await close()
})
