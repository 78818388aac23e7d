import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

test('two companies of one name become one, and two again', async () => {
  const manager = await signIn('manager')
  const make = async (fields) => (await manager.post('/records/company', { name: '合并测试精密机械有限公司', ...fields })).body.id
  const winner = await make({ city: '苏州' })
  const loser = await make({ city: '无锡', website: 'https://example.com' })
  const { page, close } = await open(browser, { role: 'manager' })
  await page.goto(`/o/company/${winner}`)
  await page.getByRole('button', { name: '比较并合并' }).click()
  const dialog = page.getByRole('dialog')
  const city = dialog.getByRole('group', { name: '城市' })
  assert.ok(await city.getByRole('radio', { name: /苏州/ }).isChecked())
  await city.getByRole('radio', { name: /无锡/ }).check()
  await dialog.getByRole('button', { name: '合并', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const undo = page.getByRole('button', { name: '撤销上次合并' })
  await undo.waitFor()
  const merged = (await manager.get(`/records/company/${winner}`)).body
  assert.deepEqual([merged.city, merged.website], ['无锡', 'https://example.com'])
  assert.equal((await manager.get(`/records/company/${loser}`)).body.id, winner)

  await undo.click()
  await page.getByText('已恢复成两条').waitFor()
  assert.equal((await manager.get(`/records/company/${winner}`)).body.city, '苏州')
  assert.equal((await manager.get(`/records/company/${loser}`)).body.id, loser)
  await close()
})
