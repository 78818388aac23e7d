import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { logIn, signIn } from '../api.js'
import { baseURL, launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { LeadPage } from '../pages/lead.js'
import { ListPage } from '../pages/list.js'
import { SetupPage } from '../pages/setup.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const secret = 'journey-pass-1'

/** Somebody of this journey alone, with a lead, whose session may end without harm to others. */
async function newcomer(role) {
  const admin = await signIn('admin')
  const email = `expired-${role}-${Date.now()}@demo.example`
  const { status, body: user } = await admin.post('/users', { name: `过期${role}`, email, password: secret, roles: [role] })
  assert.equal(status, 201)
  const { body: lead } = await admin.post('/records/lead', { company: `过期${Date.now()}有限公司`, contact: '原联系人', phone: newPhone(), owner: user.id })
  return { email, lead, session: await logIn(baseURL, email, secret) }
}

/** A page that hears of the end by nothing but the answer to what is done: the live stream would say so some seconds later, and cover the button. */
async function deaf(session) {
  const opened = await open(browser, { session })
  await opened.page.route('**/api/v1/live', () => {})
  return opened
}

/** Ends the session behind the page's back, as time would. */
async function end(session) {
  const { status } = await session.remove('/session')
  assert.ok(status < 300, String(status))
}

/** Logs in over the present page. */
async function comeBack(page) {
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('textbox', { name: '密码' }) })
  await dialog.getByRole('textbox', { name: '密码' }).fill(secret)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
}

test('a session that ends takes no follow-up and no comment away', async () => {
  const { lead, session } = await newcomer('sales')
  const { page, broken, close } = await deaf(session)
  const record = new LeadPage(page)
  await record.open(lead.id)
  await record.followUp.did('电话沟通')
  await record.followUp.says('会话中断也不丢')
  await record.followUp.promises('电话沟通')
  await end(session)
  await record.followUp.save()
  await comeBack(page)
  await record.followUp.saved().waitFor()

  const box = page.getByRole('form', { name: '评论', exact: true })
  await box.getByRole('textbox').fill('评论也不丢')
  await page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/v1/session')).json()
    await fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-CSRF-Token': csrf } })
  })
  await box.getByRole('button', { name: '发表' }).click()
  await comeBack(page)
  await page.getByRole('main').getByText('评论也不丢').first().waitFor()
  assert.deepEqual(broken, [])
  await close()
})

test('a session that ends keeps the cell that is being edited', async () => {
  const { lead, session } = await newcomer('sales')
  const { page, close } = await deaf(session)
  const list = new ListPage(page)
  await list.open(`/leads?view=lead.all&filter=${encodeURIComponent(`company = "${lead.company}"`)}`)
  await list.grid.waitFor()
  await list.grid.focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'F2']) await page.keyboard.press(key)
  await page.getByRole('textbox', { name: '联系人' }).fill('新联系人')
  await end(session)
  await page.keyboard.press('Enter')
  await comeBack(page)
  await page.getByRole('textbox', { name: '联系人' }).waitFor({ state: 'detached' })
  await list.grid.getByText('新联系人').waitFor()
  const admin = await signIn('admin')
  assert.equal((await admin.get(`/records/lead/${lead.id}`)).body.contact, '新联系人')
  await close()
})

test('a session that ends keeps what is edited in the configuration', async () => {
  const { email, session } = await newcomer('administrator')
  const { page, close } = await deaf(session)
  const setup = new SetupPage(page)
  await setup.open('clock', 'claim')
  const minutes = page.locator('input[aria-label="期限"]').or(page.getByLabel('期限', { exact: true }).locator('input')).first()
  await minutes.fill('55')
  await end(session)
  await page.keyboard.press('Control+s')
  await comeBack(page)
  await page.getByText('草稿', { exact: true }).waitFor()
  assert.equal(await minutes.inputValue(), '55')
  await close()
  const back = await logIn(baseURL, email, secret)
  const { body } = await back.get('/config/drafts')
  for (const { id } of body.items ?? []) await back.remove(`/config/drafts/${id}`)
})
