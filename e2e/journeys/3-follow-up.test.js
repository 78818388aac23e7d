import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { HomePage } from '../pages/home.js'
import { LeadPage } from '../pages/lead.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** A fresh lead that belongs to the sales person of the demo. */
async function leadOfSales(company) {
  const sales = await signIn('sales')
  const manager = await signIn('manager')
  const { record } = await pushClue({ company })
  await manager.patch(`/records/lead/${record}`, { owner: sales.user.id })
  return record
}

test('a follow-up on the phone, from the home, in five taps and eight seconds', async () => {
  const company = '宁波启航机械有限公司'
  await leadOfSales(company)
  const { page, foreign, broken, close } = await open(browser, { device: 'phone' })
  await new LoginPage(page).signIn('sales')
  const home = new HomePage(page)
  await home.lead(company).waitFor()

  const start = Date.now()
  await home.lead(company).click()
  const lead = new LeadPage(page)
  await lead.followUp.did('演示样机')
  await lead.followUp.promises('提交报价')
  await lead.followUp.save()
  await lead.followUp.saved().waitFor()
  assert.ok(Date.now() - start <= 8000, `took ${Date.now() - start} ms`)
  assert.deepEqual(foreign, [])
  assert.deepEqual(broken, [])
  await close()
})

test('without next step and latest time it is not saved, and the card says so', async () => {
  const id = await leadOfSales('嘉兴瑞通科技有限公司')
  const { page, close } = await open(browser, { device: 'phone' })
  await new LoginPage(page).signIn('sales')
  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.followUp.did('演示样机')
  await lead.followUp.save()
  await lead.followUp.faults().getByText(/下一步/).waitFor()
  await lead.followUp.faults().getByText(/最晚时间/).waitFor()
  const api = await signIn('sales')
  const { status } = await api.post(`/records/lead/${id}/follow-up`, { action: '演示样机', text: '' })
  assert.equal(status, 422)
  await close()
})

test('what was typed survives a reload', async () => {
  const id = await leadOfSales('温州长盛泵业有限公司')
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('sales')
  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.followUp.says('客户要看样机,周四上午')
  await page.reload()
  await lead.title().waitFor()
  assert.equal(await lead.followUp.text(), '客户要看样机,周四上午')
  await close()
})

test('claiming stops the claim clock', async () => {
  const id = await leadOfSales('台州金锐模具有限公司')
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('sales')
  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.claim()
  await lead.claimButton().waitFor({ state: 'detached' })
  const { body } = await (await signIn('sales')).get(`/records/lead/${id}/clocks`)
  const claim = body.items.filter(({ name }) => name.includes('claim'))
  assert.ok(claim.every(({ state }) => state !== 'running'), JSON.stringify(body.items))
  await close()
})
