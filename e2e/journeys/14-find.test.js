import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { pushClue } from '../douyin.js'
import { CalendarPage, TasksPage } from '../pages/agenda.js'
import { Finder } from '../pages/finder.js'
import { becomes, findable } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(async () => {
  // the other journeys share the company
  const admin = await signIn('admin')
  for (const path of made) await admin.remove(path)
  await browser.close()
})

const made = []

const company = '苏州恒力液压寻迹有限公司'

/** A lead of the sales person, with a phone of its own, due at the given time. */
async function ownLead(fields) {
  const admin = await signIn('admin')
  const { user } = await signIn('sales')
  const { status, body } = await admin.post('/records/lead', { owner: user.id, ...fields })
  assert.equal(status, 201)
  made.push(`/records/lead/${body.id}`)
  return body.id
}

test('a record is found by Chinese, by initials, by digits, and stays at hand once pinned', async () => {
  const id = await ownLead({ company, phone: '13955501234' })
  await findable(await signIn('sales'), '恒力液压寻迹', id)
  const { page, broken, close } = await open(browser, { role: 'sales' })
  await page.goto('/home')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const finder = new Finder(page)
  for (const words of ['恒力液压寻', 'hlyyxj', 'hengliyeyaxun', '5550 1234', '+86 139 5550']) {
    await finder.call()
    await finder.goTo(words, company)
    await page.waitForURL(`**/o/lead/${id}`)
    await page.goto('/home')
    await page.getByRole('heading', { level: 1 }).waitFor()
  }

  await page.goto(`/leads/${id}`)
  await page.getByRole('button', { name: '置顶' }).click()
  const menu = page.getByRole('navigation', { name: '主菜单' }).first()
  await menu.getByRole('link', { name: company }).waitFor()
  await page.goto('/home')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await finder.call('Control+k')
  await finder.hit(company).first().waitFor()
  await page.keyboard.press('Escape')

  await page.goto(`/search?q=${encodeURIComponent('恒力液压寻迹')}`)
  await page.getByRole('main').getByRole('link', { name: company }).waitFor()
  assert.deepEqual(broken, [])
  await close()
})

test('who reads every lead finds it too, and what nobody has is not there', async () => {
  const api = await signIn('service')
  const { body } = await api.get(`/search?q=${encodeURIComponent('没有这家公司')}`)
  assert.deepEqual(body.groups, [])
  const id = await ownLead({ company: '无锡隐形测试厂' })
  await findable(await signIn('sales'), '隐形测试', id)
  const { page, close } = await open(browser, { role: 'marketing' })
  await page.goto('/search?q=' + encodeURIComponent('隐形测试'))
  await page.getByRole('link', { name: '无锡隐形测试厂' }).waitFor() // marketing reads every lead
  await close()
})

test('on a phone the search fills the screen', async () => {
  const { page, close } = await open(browser, { role: 'sales', device: 'phone' })
  await page.goto('/home')
  await page.getByRole('banner').getByRole('button', { name: '查找记录或命令' }).last().click()
  const finder = new Finder(page)
  await finder.input.waitFor()
  const { width, height } = await finder.box.boundingBox()
  assert.deepEqual([Math.round(width), Math.round(height)], [390, 844])
  await finder.goTo('hlyyxj', company)
  await page.getByRole('heading', { name: company }).waitFor()
  await close()
})

test('a new lead is announced to its owner while the app is open', async () => {
  const { page, close } = await open(browser, { role: 'sales' })
  await page.goto('/inbox')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const { user } = await signIn('sales')
  const manager = await signIn('manager')
  const { body: before } = await (await signIn('sales')).get('/inbox?unread=1&limit=1')
  // It stands there for some seconds only.
  const announced = page.getByRole('status').filter({ hasText: '苏州播报' }).first().waitFor({ timeout: 60_000 })
  let owner
  for (let turn = 0; turn < 12 && owner !== user.id; turn++) {
    const { record } = await pushClue({ company: `苏州播报${turn}号厂` })
    owner = (await manager.get(`/records/lead/${record}`)).body.owner?.id
  }
  assert.equal(owner, user.id)
  await page.waitForFunction((unread) => Number(/^\((\d+)/.exec(document.title)?.[1] ?? 0) > unread, Math.min(before.unread, 98))
  await announced
  await close()
})

test('a task is done from the list and undone; a next action moves on the calendar with a reason and back', async () => {
  const api = await signIn('sales')
  const { body: session } = await api.get('/session')
  const now = new Date(session.now)
  const due = new Date(now.getTime() + 26 * 3600_000).toISOString()
  const { status, body: task } = await api.post('/records/task', { subject: '寄送样册', due, owner: session.user.id })
  assert.equal(status, 201)
  made.push(`/records/task/${task.id}`)
  const id = await ownLead({ company: '常州改期测试厂', next_due: due })

  const { page, broken, close } = await open(browser, { role: 'sales' })
  const tasks = new TasksPage(page)
  await tasks.open()
  await tasks.complete('寄送样册')
  await tasks.row('寄送样册').waitFor({ state: 'detached' })
  await tasks.undo()
  await tasks.row('寄送样册').waitFor()

  const dayOf = (instant) => new Intl.DateTimeFormat('en-CA', { timeZone: session.company.zone, dateStyle: 'short' }).format(instant)
  const day = dayOf(new Date(due))
  const next = dayOf(new Date(Date.parse(due) + 24 * 3600_000))
  const calendar = new CalendarPage(page)
  await page.goto(`/calendar?view=week&day=${day}`)
  await calendar.on(day).getByRole('link', { name: '常州改期测试厂' }).waitFor()
  await calendar.tomorrow('常州改期测试厂')
  await calendar.confirm('出差')
  await page.getByRole('status').filter({ hasText: '常州改期测试厂' }).waitFor()
  const moved = async () => dayOf(new Date((await api.get(`/records/lead/${id}`)).body.next_due))
  await becomes(moved, next)
  const { body: thread } = await api.get(`/records/lead/${id}/thread`)
  assert.ok(thread.items.some(({ text }) => text.includes('出差')))
  await calendar.undo()
  await calendar.on(day).getByRole('link', { name: '常州改期测试厂' }).waitFor()
  await becomes(moved, day)
  assert.deepEqual(broken, [])
  await close()
})
