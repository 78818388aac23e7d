import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { DashboardPage } from '../pages/dashboard.js'
import { LeadPage } from '../pages/lead.js'
import { LoginPage } from '../pages/login.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const second = 1000

test('a Douyin clue moves the manager’s dashboard within a second', async () => {
  const { page, foreign, close } = await open(browser)
  await new LoginPage(page).signIn('manager')
  const dashboard = new DashboardPage(page)
  await dashboard.open()
  const before = await dashboard.number('新线索')

  const moved = page.waitForFunction(
    (old) => {
      const tile = [...document.querySelectorAll('a')].find((link) => link.textContent?.startsWith('新线索'))
      return tile && Number(/\d[\d,]*/.exec(tile.textContent)?.[0].replaceAll(',', '')) > old
    },
    before,
    { timeout: 10 * second, polling: 'raf' },
  )
  const answer = await pushClue({ company: '苏州博锐精工有限公司' })
  const acknowledged = Date.now()
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, { BaseResp: { StatusCode: 200, StatusMessage: 'ok' } })
  await moved
  assert.ok(Date.now() - acknowledged <= second, `took ${Date.now() - acknowledged} ms`)
  assert.equal(await dashboard.number('新线索'), before + 1)
  assert.deepEqual(foreign, [])
  await close()
})

test('the thread tells how the lead came to its owner, with reasons', async () => {
  const { record } = await pushClue({ company: '无锡恒力液压有限公司' })
  const { page, close } = await open(browser)
  await new LoginPage(page).signIn('manager')
  const lead = new LeadPage(page)
  await lead.open(record)
  const kinds = await lead.thread.getByRole('listitem').evaluateAll((items) => items.map((item) => item.dataset.kind))
  for (const kind of ['received', 'scored', 'routed', 'clock_started']) assert.ok(kinds.includes(kind), `${kind} in ${kinds}`)
  const owner = await lead.whyThisOwner()
  await owner.getByText(/版本/).first().waitFor()
  await close()
})

test('it stands on its owner’s home', async () => {
  const manager = await signIn('manager')
  const sales = await signIn('sales')
  const { record } = await pushClue({ company: '常州远拓装备有限公司' })
  const { body: moved } = await manager.patch(`/records/lead/${record}`, { owner: sales.user.id })
  assert.equal(moved.owner.id, sales.user.id)
  const { page, close } = await open(browser, { device: 'phone' })
  await new LoginPage(page).signIn('sales')
  await page.getByText('常州远拓装备有限公司').first().waitFor()
  await close()
})
