import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClueUnder } from '../douyin.js'
import { DeliveriesPage } from '../pages/deliveries.js'
import { LeadPage } from '../pages/lead.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('a failed delivery is kept, and becomes a lead once the mapping is mended', async () => {
  const company = '丽水问卷机电有限公司'
  const { status, record } = await pushClueUnder('clue', { company })
  assert.equal(status, 200)
  assert.equal(record, null)

  const { page, close } = await open(browser, { role: 'marketing' })
  const deliveries = new DeliveriesPage(page)
  await deliveries.open('douyin')
  await deliveries.show('失败')
  await deliveries.rows().first().waitFor()
  const detail = await deliveries.openFirst()
  await detail.getByText(company).first().waitFor()
  await detail.getByRole('button', { name: '重放', exact: true }).click()
  await detail.getByText('重放后仍然失败').waitFor()

  const admin = await signIn('admin')
  const { body: channel } = await admin.get('/config/channel/douyin')
  const mended = await admin.put('/config/channel/douyin', { ...channel, data: 'clue' })
  assert.equal(mended.status, 200, JSON.stringify(mended.body))
  try {
    await detail.getByRole('button', { name: '重放', exact: true }).click()
    await detail.getByText('重放成功，已生成线索').waitFor()
  } finally {
    // The other journeys push clues under the old name.
    const { status: back, body } = await admin.put('/config/channel/douyin', channel)
    assert.equal(back, 200, JSON.stringify(body))
  }
  await detail.getByRole('link').first().click()
  await new LeadPage(page).title().getByText(company).waitFor()
  await close()
})
