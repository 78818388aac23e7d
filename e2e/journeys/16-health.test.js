import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessibilityFaults, launch, open } from '../browser.js'
import { pushClueUnder } from '../douyin.js'
import { HealthPage } from '../pages/health.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('an administrator reads what is wrong, what to do about it, and goes there', async () => {
  await pushClueUnder('clue', { company: '宁波状态机电有限公司' })
  const { page, broken, close } = await open(browser, { role: 'admin' })
  const health = new HealthPage(page)
  await health.open()
  const failed = health.warnings().filter({ hasText: '条渠道投递处理失败' })
  await failed.getByText('然后重放').waitFor()
  assert.match(await health.fact('磁盘剩余空间'), /\d/)
  assert.match(await health.fact('数据库大小'), /\d/)
  assert.match(await health.fact('计时落后'), /^\d+\s*秒/)
  await failed.getByRole('link', { name: '查看渠道' }).click()
  await page.waitForURL('**/channels')
  assert.deepEqual(broken, [])
  await close()
})

test('the page reads well on a phone and in the dark, without accessibility faults', async () => {
  for (const [device, scheme] of [
    ['phone', 'light'],
    ['desk', 'dark'],
  ]) {
    const { page, foreign, close } = await open(browser, { role: 'admin', device, scheme })
    await new HealthPage(page).open()
    assert.deepEqual(await accessibilityFaults(page), [])
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${device} needs a sideways scroll`)
    assert.deepEqual(foreign, [])
    await close()
  }
})

test('the licences of what is built in can be read', async () => {
  const { page, close } = await open(browser, { role: 'admin' })
  const answer = await page.request.get('/THIRD_PARTY_NOTICES.txt')
  assert.equal(answer.status(), 200)
  assert.match(await answer.text(), /go github\.com\/go-chi\/chi/)
  await close()
})
