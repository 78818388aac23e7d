import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open } from '../browser.js'
import { pushBrokenClue } from '../douyin.js'
import { DeliveriesPage } from '../pages/deliveries.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('a failed delivery is kept with its raw body and can be replayed', async () => {
  const { status, record } = await pushBrokenClue()
  assert.equal(status, 200)
  assert.equal(record, null)
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('marketing')
  const deliveries = new DeliveriesPage(page)
  await deliveries.open('douyin')
  await deliveries.show('失败')
  await deliveries.rows().first().waitFor()
  const detail = await deliveries.openFirst()
  await detail.getByText(/e2e-broken-/).first().waitFor()
  await detail.getByRole('button', { name: '重放', exact: true }).click()
  await detail.getByRole('status').waitFor()
  await page.keyboard.press('Escape')
  await deliveries.replayAllFailed()
  await deliveries.progress().first().waitFor()
  await close()
})
