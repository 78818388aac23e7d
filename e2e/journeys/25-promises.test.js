import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { CalendarPage } from '../pages/agenda.js'
import { BoardPage } from '../pages/board.js'
import { BulkPage } from '../pages/bulk.js'
import { ListPage } from '../pages/list.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(async () => {
  // the other journeys share the company
  const admin = await signIn('admin')
  for (const path of made) await admin.remove(path)
  if (project) await admin.put('/config/object/project', project)
  await browser.close()
})

const made = []
let project
const run = String(Date.now()).slice(-6)

/** A record of the sales person. */
async function owned(object, fields) {
  const admin = await signIn('admin')
  const { user } = await signIn('sales')
  const { status, body } = await admin.post(`/records/${object}`, { owner: user.id, ...fields })
  assert.equal(status, 201, JSON.stringify(body))
  made.push(`/records/${object}/${body.id}`)
  return body.id
}

async function clock() {
  const { body } = await (await signIn('sales')).get('/session')
  const dayOf = (instant) => new Intl.DateTimeFormat('en-CA', { timeZone: body.company.zone, dateStyle: 'short' }).format(instant)
  return { now: new Date(body.now), dayOf }
}

test('the board asks for money and a person where a stage needs them, and moves the card with them', async () => {
  const admin = await signIn('admin')
  const { body } = await admin.get('/config/object/project')
  project = structuredClone(body)
  const needed = { field: 'stage', choices: ['招投标'] }
  for (const field of body.fields) if (field.name === 'amount') field.required_when = needed
  body.fields.push({ id: 'crm.project.engineer', name: 'engineer', label: { 'zh-CN': '技术负责人', en: 'Engineer' }, type: 'person', required_when: needed })
  assert.equal((await admin.put('/config/object/project', body)).status, 200)
  const name = `要金额的项目${run}`
  const id = await owned('project', { name, stage: '需求确认' })
  const { page, broken, close } = await open(browser, { role: 'sales' })
  const board = new BoardPage(page)
  await page.goto(`/o/project?layout=board&filter=${encodeURIComponent(`name = "${name}"`)}`)
  await board.card(name).waitFor()
  await board.moveByKeys(name, '招投标')
  const dialog = page.getByRole('dialog', { name: '为什么？' })
  await dialog.getByRole('button', { name: '保存' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('预计金额').fill('88,000.50')
  await dialog.getByLabel('技术负责人').selectOption({ index: 1 })
  await dialog.getByRole('button', { name: '保存' }).click()
  await board.card(name, '招投标').waitFor()
  const { body: now } = await (await signIn('sales')).get(`/records/project/${id}`)
  assert.deepEqual([now.stage, now.amount], ['招投标', { amount: '88000.50', currency: 'CNY' }])
  assert.ok(now.engineer.id)
  assert.deepEqual(broken, [])
  await close()
})

test('a promise does not move to a time that has passed, and the dialog says so before it is asked', async () => {
  const { now, dayOf } = await clock()
  const company = `不回到过去${run}`
  const due = new Date(now.getTime() + 26 * 3600_000).toISOString()
  const id = await owned('lead', { company, next_due: due })
  const api = await signIn('sales')
  const past = new Date(now.getTime() - 3600_000).toISOString()
  const refused = await api.patch(`/records/lead/${id}`, { next_due: past })
  assert.deepEqual([refused.status, refused.body.errors[0].path, refused.body.errors[0].code], [422, 'next_due', 'in_the_past'])
  const { page, broken, close } = await open(browser, { role: 'sales' })
  const day = dayOf(new Date(due))
  await page.goto(`/calendar?view=week&day=${day}`)
  const calendar = new CalendarPage(page)
  await calendar.on(day).getByRole('link', { name: company }).waitFor()
  await page.getByRole('link', { name: company }).focus()
  await page.keyboard.press('Alt+ArrowUp') // a week earlier
  const dialog = page.getByRole('dialog')
  await dialog.getByText('这个时间已经过去').waitFor()
  assert.ok(await dialog.getByRole('button', { name: '改期', exact: true }).isDisabled())
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.equal((await api.get(`/records/lead/${id}`)).body.next_due && Date.parse((await api.get(`/records/lead/${id}`)).body.next_due), Date.parse(due))
  assert.deepEqual(broken, [])
  await close()
})

test('who follows a lead reads in the inbox that somebody said something, without being mentioned', async () => {
  const company = `有人评论${run}`
  const id = await owned('lead', { company })
  await (await signIn('manager')).put(`/records/lead/${id}/follow`)
  const said = await (await signIn('sales')).post(`/records/lead/${id}/comments`, { text: '客户下周来厂', mentions: [] })
  assert.equal(said.status, 204)
  const { page, broken, close } = await open(browser, { role: 'manager' })
  await page.goto('/inbox')
  await page.getByText(`评论了「${company}」`).first().waitFor()
  assert.deepEqual(broken, [])
  await close()
})

test('a moment given to many leads is the one on the company’s clock', async () => {
  const { now, dayOf } = await clock()
  const town = `时刻市${run}`
  const ids = [await owned('lead', { company: `时刻甲${run}`, city: town }), await owned('lead', { company: `时刻乙${run}`, city: town })]
  const day = dayOf(new Date(now.getTime() + 72 * 3600_000))
  const { page, broken, close } = await open(browser, { role: 'manager' })
  await new ListPage(page).open(`/leads?view=lead.all&filter=${encodeURIComponent(`城市 = "${town}"`)}`)
  await page.getByRole('checkbox', { name: '全选已载入的' }).check()
  const { bar } = new BulkPage(page)
  await bar.getByRole('button', { name: '修改字段' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '字段' }).selectOption({ label: '下一步期限' })
  const [date, time] = [dialog.getByRole('textbox').nth(0), dialog.getByRole('textbox').nth(1)]
  await date.fill(day)
  await time.fill('9:30')
  await time.press('Tab')
  await dialog.getByRole('button', { name: /^修改 2 条$/ }).click()
  await dialog.waitFor({ state: 'detached' })
  const manager = await signIn('manager')
  await becomes(async () => (await manager.get('/operations')).body.items[0]?.state, 'done')
  for (const id of ids) await becomes(async () => (await manager.get(`/records/lead/${id}`)).body.next_due, `${day}T01:30:00Z`)
  assert.deepEqual(broken, [])
  await close()
})
