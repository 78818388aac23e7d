import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { baseURL, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { DeliveriesPage } from '../pages/deliveries.js'
import { FormPage } from '../pages/form.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('from the exhibition’s QR code to a lead', async () => {
  const { page: desk, close: closeDesk } = await open(browser, { role: 'marketing' })
  const channel = new DeliveriesPage(desk)
  await channel.open('expo')
  assert.ok((await channel.codeWidth()) > 0, 'the QR code is drawn')
  const address = await channel.address()
  assert.equal(address, `${baseURL}/f/expo`)

  const company = '上海观展者机床有限公司'
  const { page, foreign, broken, close } = await open(browser, { device: 'phone' })
  const form = new FormPage(page)
  await form.open(address)
  await form.fill({ 联系人: '钱经理', 电话: newPhone(), 公司: company, 留言: '急需液压阀样品' })
  await form.send()
  await form.thanks().waitFor()
  assert.deepEqual(foreign, [])
  assert.deepEqual(broken, [])

  const manager = await signIn('manager')
  const { body } = await manager.get(`/records/lead?filter=${encodeURIComponent(`company = "${company}"`)}`)
  assert.equal(body.items.length, 1)
  assert.equal(body.items[0].source, '展会')
  assert.equal(body.items[0].intent, '高')
  assert.ok(body.items[0].owner.id)
  await close()
  await closeDesk()
})
