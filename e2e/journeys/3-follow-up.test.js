import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clearDesk, signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { keep, watch } from '../pace.js'
import { HomePage } from '../pages/home.js'
import { LeadPage } from '../pages/lead.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** A fresh lead that belongs to the sales person of the demo. */
async function leadOfSales(company) {
  const sales = await signIn('sales')
  const manager = await signIn('manager')
  const { record } = await pushClue({ company })
  const { status } = await manager.patch(`/records/lead/${record}`, { owner: sales.user.id })
  assert.equal(status, 200)
  return record
}

test('a follow-up on the phone, from the home: five taps, eight seconds', async () => {
  await clearDesk('sales')
  const company = '宁波启航机械有限公司'
  const id = await leadOfSales(company)
  const { page, foreign, broken, close } = await open(browser, { role: 'sales', device: 'phone' })
  const home = new HomePage(page)
  await home.open()
  await home.followUp(company).waitFor()

  const pace = await watch(page)
  pace.start()
  await home.followUp(company).tap()
  const { followUp } = new LeadPage(page)
  await followUp.did('演示样机')
  await followUp.promises('提交报价')
  await followUp.save()
  await followUp.saved().waitFor()
  await keep('follow-up from the phone’s home', pace.stop(), { taps: 5, seconds: 8 })

  const sales = await signIn('sales')
  const { body: lead } = await sales.get(`/records/lead/${id}`)
  assert.equal(lead.next_action, '提交报价')
  const { body: clocks } = await sales.get(`/records/lead/${id}/clocks`)
  const running = clocks.items.filter(({ state }) => state === 'running').map(({ name }) => name)
  assert.deepEqual(running, ['commitment'])
  assert.deepEqual(foreign, [])
  assert.deepEqual(broken, [])
  await close()
})

test('without next step and latest time it is not saved, and the card says so', async () => {
  const id = await leadOfSales('嘉兴瑞通科技有限公司')
  const { page, close } = await open(browser, { role: 'sales', device: 'phone' })
  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.followUp.did('演示样机')
  await lead.followUp.save()
  await lead.followUp.faults().getByText(/下一步/).waitFor()
  await lead.followUp.faults().getByText(/最晚时间/).waitFor()
  const sales = await signIn('sales')
  const { status, body } = await sales.post(`/records/lead/${id}/follow-up`, { action: '演示样机', text: '' })
  assert.equal(status, 422)
  assert.deepEqual(body.errors.map(({ path }) => path).sort(), ['next_action', 'next_due'])
  const { body: thread } = await sales.get(`/records/lead/${id}/thread?limit=200`)
  assert.ok(thread.items.every(({ kind }) => !kind.startsWith('follow')))
  await close()
})

test('what was typed survives a reload', async () => {
  const id = await leadOfSales('温州长盛泵业有限公司')
  const { page, close } = await open(browser, { role: 'sales' })
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
  const { page, close } = await open(browser, { role: 'sales' })
  const lead = new LeadPage(page)
  await lead.open(id)
  await lead.clocks.getByText('领取时限').waitFor()
  await lead.claimButton().click()
  await lead.claimButton().waitFor({ state: 'detached' })
  await lead.clocks.getByText('领取时限').waitFor({ state: 'detached' })
  const { body } = await (await signIn('sales')).get(`/records/lead/${id}/clocks`)
  const claim = body.items.filter(({ name }) => name.includes('claim'))
  assert.ok(claim.length > 0)
  assert.ok(claim.every(({ state }) => state !== 'running'), JSON.stringify(body.items))
  await close()
})
