import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { baseURL, launch, open } from '../browser.js'
import { emailOf, signIn } from '../api.js'
import { newPhone, pushClue } from '../douyin.js'
import { LeadPage } from '../pages/lead.js'
import { NewLeadPage } from '../pages/new-lead.js'
import { SecurityPages } from '../pages/security.js'
import { becomes } from '../wait.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The code that an authenticator app shows, reckoned a second time (RFC 6238). */
function appCode(secret, step = Math.floor(Date.now() / 30_000)) {
  const bits = [...secret.replaceAll(' ', '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const sum = createHmac('sha1', key).update(counter).digest()
  const at = sum.at(-1) & 15
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A person of this journey alone, so that others keep theirs as they are. */
async function hire(name, role = 'sales') {
  const admin = await signIn('admin')
  const email = `${role}-${Date.now()}@demo.example`
  const { status, body } = await admin.post('/users', { name, email, password: 'journey-pass-1', roles: [role] })
  assert.equal(status, 201)
  return { ...body, email, password: 'journey-pass-1' }
}

test('an administrator sets the provider up, and a colleague comes in by it', async () => {
  const { page, broken, close } = await open(browser, { role: 'admin' })
  const security = new SecurityPages(page)
  await security.setUpProvider({ label: '公司账号登录', issuer: `${baseURL}/sandbox/oidc`, client: 'clew', secret: 'clew-sandbox-secret' })
  assert.deepEqual(broken, [])
  await close()

  const visitor = await open(browser)
  await visitor.page.goto('/login?next=/inbox')
  await visitor.page.getByRole('link', { name: '公司账号登录' }).click()
  await visitor.page.getByRole('button', { name: new RegExp(emailOf('manager')) }).click()
  await visitor.page.waitForURL('**/inbox')
  await visitor.page.goto('/me')
  await visitor.page.getByText(emailOf('manager')).waitFor()
  await visitor.close()

  const stranger = await open(browser)
  await stranger.page.goto('/login')
  await stranger.page.getByRole('link', { name: '公司账号登录' }).click()
  await stranger.page.getByLabel('邮箱', { exact: true }).fill('nobody@elsewhere.example')
  await stranger.page.getByRole('button', { name: '登录', exact: true }).click()
  await stranger.page.getByRole('alert').getByText('这里没有您的账号').waitFor()
  await stranger.close()
})

test('a second factor is set up with its QR code, and asked for at the next log-in', async () => {
  const person = await hire('两步')
  const { page, close } = await open(browser)
  const security = new SecurityPages(page)
  await security.logIn(person.email, person.password)
  await page.waitForURL('**/home')
  await page.goto('/me')
  await page.getByRole('button', { name: '启用两步验证' }).click()
  await page.getByAltText('验证器应用要扫描的二维码').waitFor()
  const secret = await page.locator('#me-factor ~ div code').first().innerText()
  await page.getByLabel('应用里显示的验证码').fill(appCode(secret))
  await page.getByRole('button', { name: '启用', exact: true }).click()
  await page.locator('#me-factor ~ div li code').first().waitFor()
  const codes = await page.locator('#me-factor ~ div li code').allInnerTexts()
  assert.equal(codes.length, 10)
  await page.getByRole('button', { name: '已保存，继续' }).click()
  await page.getByText('还剩 10 个备用码').waitFor()
  await close()

  const again = await open(browser)
  const door = new SecurityPages(again.page)
  await door.logIn(person.email, person.password)
  await again.page.getByLabel('验证码').fill('000000')
  await again.page.getByRole('button', { name: '继续' }).click()
  await again.page.getByRole('alert').getByText('验证码不对').waitFor()
  await again.page.getByLabel('验证码').fill(codes[0])
  await again.page.getByRole('button', { name: '继续' }).click()
  await again.page.waitForURL('**/home')
  await again.close()
})

test('one browser logs another out, which says so at once', async () => {
  const person = await hire('两处')
  const first = await open(browser)
  await new SecurityPages(first.page).logIn(person.email, person.password)
  await first.page.waitForURL('**/home')
  const second = await open(browser)
  await new SecurityPages(second.page).logIn(person.email, person.password)
  await second.page.waitForURL('**/home')
  await second.page.goto('/me')
  await second.page.getByRole('button', { name: '退出其他所有设备' }).click()
  await second.page.getByText('已退出 1 处登录').waitFor()
  await first.page.getByRole('dialog').getByText('登录已过期').waitFor()
  await first.close()
  await second.close()
})

/** Logs a person out everywhere, as an administrator may. */
async function logOutEverywhere(person) {
  const admin = await signIn('admin')
  assert.equal((await admin.post(`/users/${person.id}/sessions/revoke`)).status, 200)
}

/** A lead that belongs to the person. */
async function leadOf(person, company) {
  const manager = await signIn('manager')
  const { record } = await pushClue({ company })
  assert.equal((await manager.patch(`/records/lead/${record}`, { owner: person.id })).status, 200)
  return record
}

/** A person at work, whose session ends under his hands once `typed` has been done. */
async function workOn(browserOf, person, typed) {
  const { page, close } = await open(browserOf)
  const security = new SecurityPages(page)
  await security.logIn(person.email, person.password)
  await page.waitForURL('**/home')
  await typed(page)
  await logOutEverywhere(person)
  await security.logInAgain(person.password)
  return { page, close }
}

test('an ended session loses nothing of a new lead: one logs in over the page and it goes on', async () => {
  const person = await hire('新线索')
  const { page, close } = await workOn(browser, person, async (at) => {
    const form = new NewLeadPage(at)
    await form.open()
    await form.fill({ 公司: '过期也不丢的公司', 联系人: '陈工', 电话: newPhone() })
  })
  await new NewLeadPage(page).save()
  await page.waitForURL((url) => !url.pathname.endsWith('/new'))
  const admin = await signIn('admin')
  const { body } = await admin.get(`/records/lead?filter=${encodeURIComponent('company = "过期也不丢的公司"')}`)
  assert.equal(body.items.length, 1)
  await close()
})

test('an ended session loses nothing of a follow-up', async () => {
  const person = await hire('跟进')
  const id = await leadOf(person, '过期也不丢的跟进')
  const { page, close } = await workOn(browser, person, async (at) => {
    const lead = new LeadPage(at)
    await lead.open(id)
    await lead.followUp.did('演示样机')
    await lead.followUp.says('写到一半登录过期了')
    await lead.followUp.promises('提交报价')
  })
  const { followUp } = new LeadPage(page)
  assert.equal(await followUp.text(), '写到一半登录过期了')
  await followUp.save()
  await followUp.saved().waitFor()
  await close()
})

test('the audit tells of it, in words, to those who may read it', async () => {
  const { page, close } = await open(browser, { role: 'admin' })
  await page.goto('/audit')
  const list = page.getByRole('list', { name: '审计' })
  await page.getByLabel('类别').selectOption({ label: '安全设置' })
  await list.getByText('修改了身份提供方').first().waitFor()
  await page.waitForURL(/kind=security/)
  await page.getByRole('button', { name: '校验' }).click()
  await page.getByText(/校验链完整/).waitFor()
  await close()
  const seller = await signIn('sales')
  assert.equal((await seller.get('/audit')).status, 403)
})

test('a link sets a password once', async () => {
  const name = `链接${Date.now()}`
  const person = await hire(name)
  const { page, close } = await open(browser, { role: 'admin' })
  await page.goto('/people')
  await page.getByRole('searchbox', { name: /查找/ }).fill(person.email)
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('button', { name: '生成设置密码的链接' }).click()
  const link = await page.getByLabel(/把链接发给本人/).inputValue()
  await close()
  const guest = await open(browser)
  await guest.page.goto(link)
  await guest.page.getByRole('textbox', { name: '新密码' }).fill('chosen-by-myself')
  await guest.page.getByRole('button', { name: '保存' }).click()
  await guest.page.waitForURL('**/login')
  await new SecurityPages(guest.page).logIn(person.email, 'chosen-by-myself')
  await guest.page.waitForURL('**/home')
  await guest.close()
})

test('a comment with @ reaches the colleague, and a follower hears before → after', async () => {
  const company = '评论与关注公司'
  const sales = await signIn('sales')
  const manager = await signIn('manager')
  const { record } = await pushClue({ company })
  assert.equal((await manager.patch(`/records/lead/${record}`, { owner: sales.user.id })).status, 200)
  const { page, close } = await open(browser, { role: 'manager' })
  await new LeadPage(page).open(record)
  const box = page.getByRole('form', { name: '评论' })
  await box.getByRole('textbox', { name: '评论' }).pressSequentially(`请看报价 @${sales.user.name.slice(0, 1)}`)
  await box.getByRole('list', { name: '提醒谁' }).getByRole('button', { name: sales.user.name }).click()
  await box.getByRole('button', { name: '发表' }).click()
  await page.locator('[data-kind=comment]').getByText('请看报价').first().waitFor()
  await box.getByRole('button', { name: '取消关注' }).waitFor()
  await close()

  await becomes(async () => (await sales.get('/inbox')).body.items.some(({ kind, record_id: id }) => kind === 'mentioned' && id === record), true)
  assert.equal((await sales.patch(`/records/lead/${record}`, { company: '评论与关注集团' })).status, 200)
  const heard = await open(browser, { role: 'manager' })
  await heard.page.goto('/inbox')
  await heard.page.getByText(/评论与关注公司.*评论与关注集团/).first().waitFor()
  await heard.close()
})
