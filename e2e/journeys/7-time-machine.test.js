import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { LeadPage } from '../pages/lead.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('three days without a follow-up fire the clock, once, and the page shows it', async () => {
  const admin = await signIn('admin')
  const { record } = await pushClue({ company: '扬州巨峰重工有限公司' })
  const { body: before } = await admin.get(`/records/lead/${record}/clocks`)
  assert.ok(before.items.some(({ state }) => state === 'running'))

  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('admin')
  const lead = new LeadPage(page)
  await lead.open(record)
  await page.getByRole('button', { name: /时光机|推进时间/ }).click()
  await page.getByText(/3 ?天/).first().click()
  await lead.thread.locator('[data-kind=clock_fired]').first().waitFor()

  const { body: thread } = await admin.get(`/records/lead/${record}/thread?limit=200`)
  const fired = thread.items.filter(({ kind }) => kind === 'clock_fired').map(({ params }) => `${params.clock}/${params.stage ?? ''}`)
  assert.equal(new Set(fired).size, fired.length, fired.join(', '))
  await close()
})
