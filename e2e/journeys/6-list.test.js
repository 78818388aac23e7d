import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { DashboardPage } from '../pages/dashboard.js'
import { ListPage } from '../pages/list.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const douyin = '来源 = "抖音"'

test('a list is filtered and sorted, and its address keeps both', async () => {
  const manager = await signIn('manager')
  const { body } = await manager.get(`/records/lead?filter=${encodeURIComponent(douyin)}&limit=1&count=1`)
  const { page, close } = await open(browser, { role: 'manager' })
  const list = new ListPage(page)
  await list.open('/leads?view=lead.all')
  await list.filterByText(douyin)
  await list.count(body.count).waitFor()
  assert.ok((await list.column('来源')).every((text) => text === '抖音'))

  await list.sortBy('评分')
  await list.sorted('评分').waitFor()
  const url = new URL(page.url())
  assert.equal(url.searchParams.get('filter'), douyin)
  assert.match(url.searchParams.get('sort'), /^-?score$/)
  const scores = (await list.column('评分')).map(Number)
  const ascending = scores.toSorted((a, b) => a - b)
  assert.deepEqual(scores, url.searchParams.get('sort') === 'score' ? ascending : ascending.reverse())

  await page.reload()
  await list.count(body.count).waitFor()
  await list.sorted('评分').waitFor()
  // The table holds the rows in sight; the first of them are always there.
  assert.deepEqual((await list.column('评分')).slice(0, 10).map(Number), scores.slice(0, 10))

  await list.removeFilter()
  await page.waitForURL((now) => !now.searchParams.has('filter'))
  await page.goBack()
  await list.count(body.count).waitFor()
  await close()
})

test('a number of the dashboard opens the list that gives it', async () => {
  const { page, close } = await open(browser, { role: 'manager' })
  const dashboard = new DashboardPage(page)
  await dashboard.open()
  const leads = await dashboard.number('新线索')
  await dashboard.openNumber('新线索')
  await new ListPage(page).count(leads).waitFor()
  await close()
})

test('a sales person sees only what the scope allows, a hidden field nowhere', async () => {
  const manager = await signIn('manager')
  const service = await signIn('service')
  const { body: all } = await manager.get('/records/lead?limit=1&count=1')
  const { body: some } = await (await signIn('sales')).get('/records/lead?limit=1&count=1')
  assert.ok(some.count < all.count, `${some.count} of ${all.count}`)
  const { status } = await service.get(`/records/lead?filter=${encodeURIComponent('预算 > 1')}`)
  assert.equal(status, 422)
  const { page, close } = await open(browser, { role: 'sales', device: 'phone' })
  const list = new ListPage(page)
  await list.open('/leads?view=lead.all')
  await list.count(some.count).waitFor()
  await close()
})
