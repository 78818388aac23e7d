import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { HomePage } from '../pages/home.js'
import { InboxPage } from '../pages/inbox.js'
import { LeadPage } from '../pages/lead.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('three days without a follow-up: overdue on the home, told in the inbox, each clock once', async () => {
  const company = '扬州巨峰重工有限公司'
  const manager = await signIn('manager')
  const { record } = await pushClue({ company })
  const { body: clocks } = await manager.get(`/records/lead/${record}/clocks`)
  assert.ok(clocks.items.some(({ state }) => state === 'running'))

  const { page, broken, close } = await open(browser, { role: 'manager' })
  const home = new HomePage(page)
  await home.open()
  const overdue = await home.number('已超时')
  await page.getByRole('group', { name: '时光机' }).getByRole('button', { name: '+3 天' }).click()
  await home.moreThan('已超时', overdue, 60_000)

  const inbox = new InboxPage(page)
  await inbox.open()
  await inbox.lookFor(company)
  await inbox.message(company).click()
  const lead = new LeadPage(page)
  await lead.title().getByText(company).waitFor()
  await lead.thread.locator('[data-kind=clock_fired]').first().waitFor()

  const { body: thread } = await manager.get(`/records/lead/${record}/thread?limit=200`)
  const fired = thread.items.filter(({ kind }) => kind === 'clock_fired').map(({ params }) => `${params.clock}/${params.stage ?? ''}`)
  assert.ok(fired.length >= 2, fired.join(', '))
  assert.equal(new Set(fired).size, fired.length, fired.join(', '))
  assert.deepEqual(broken, [])
  await close()
})
