import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { BulkPage } from '../pages/bulk.js'
import { ListPage } from '../pages/list.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const douyin = '来源 = "抖音"'
const inTown = `${douyin} AND 城市 = "批量市"`
/** How long a change of many records may take on a busy machine. */
const atWork = { timeout: 60_000 }
const where = (filter) => `/records/lead?filter=${encodeURIComponent(filter)}&limit=1&count=1`

test('all that match are edited, watched from another page, and put back', async () => {
  const manager = await signIn('manager')
  const { body: all } = await manager.get(where(douyin))
  const { page, close } = await open(browser, { role: 'manager' })
  const list = new ListPage(page)
  const bulk = new BulkPage(page)
  await list.open(`/leads?view=lead.all&filter=${encodeURIComponent(douyin)}`)
  await list.count(all.count).waitFor()
  await bulk.chooseAllMatching()
  assert.equal(await bulk.edit('城市', '批量市'), `修改 ${all.count.toLocaleString('zh-CN')} 条`)
  await page.getByRole('link', { name: '工作台' }).first().click()
  const ended = bulk.ended('城市 → 批量市', all.count)
  await ended.waitFor(atWork)
  assert.equal((await manager.get(where(inTown))).body.count, all.count)

  await bulk.undo(ended)
  await bulk.ended('撤销对线索的操作', all.count).waitFor(atWork)
  assert.equal((await manager.get(where(inTown))).body.count, 0)
  await page.goto('/operations')
  await page.getByRole('main').getByText('已撤销').first().waitFor()
  await close()
})

test('a list is taken away as a file; who may not does not see how', async () => {
  const { page, close } = await open(browser, { role: 'manager' })
  const list = new ListPage(page)
  await list.open(`/leads?view=lead.all&filter=${encodeURIComponent(douyin)}`)
  const csv = await new BulkPage(page).exportAs('CSV')
  assert.equal(csv.name, '线索.csv')
  const [head, ...rows] = csv.bytes.toString('utf8').slice(0, -2).split('\r\n')
  assert.match(head, /^\ufeff公司,/)
  const { body: all } = await (await signIn('manager')).get(where(douyin))
  assert.equal(rows.length, all.count)
  const xlsx = await new BulkPage(page).exportAs('Excel')
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), 'PK')
  await close()

  const seller = await open(browser, { role: 'sales' })
  await new ListPage(seller.page).open('/leads?view=lead.all')
  await seller.page.getByRole('grid').waitFor()
  assert.equal(await seller.page.getByRole('button', { name: '导出' }).count(), 0)
  await seller.close()
})
