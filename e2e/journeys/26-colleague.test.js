import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { newPhone } from '../douyin.js'
import { FirstPassword, PeoplePage } from '../pages/people.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

const first = 'chosen-by-admin-1'
const own = 'chosen-by-myself-2'

async function logIn(page, email, password) {
  await page.goto('/login')
  await page.getByLabel('邮箱').fill(email)
  await page.getByRole('textbox', { name: '密码' }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

test('a new colleague is added, changes the first password, has work on the first home, and is out the moment it is said', async () => {
  const stamp = Date.now()
  const somebody = { name: `新同事${stamp % 100000}`, email: `new-${stamp}@demo.example`, password: first, role: '销售', department: '华东组' }
  const admin = await open(browser, { role: 'admin' })
  const people = new PeoplePage(admin.page)
  await people.open()
  await people.add(somebody)
  await (await people.find(somebody.name)).waitFor()

  const colleague = await open(browser)
  const { page } = colleague
  await logIn(page, somebody.email, first)
  const duty = new FirstPassword(page)
  await duty.change(first, own)
  // Only then is there a menu, and it is that of the role.
  await page.getByRole('link', { name: '线索', exact: true }).first().waitFor()
  assert.equal(await page.getByRole('link', { name: '人员', exact: true }).count(), 0)
  assert.equal(await page.getByRole('link', { name: '配置', exact: true }).count(), 0)

  // What is given to the new colleague stands on the home, and a leader's word finds the inbox.
  const manager = await signIn('manager')
  const { body: users } = await manager.get(`/users?q=${encodeURIComponent(somebody.name)}`)
  const company = `常州交接${stamp}有限公司`
  const made = await manager.post('/records/lead', { company, contact: '交接人', phone: newPhone(), owner: users.items[0].id })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await page.goto('/home')
  await page.getByRole('link', { name: company, exact: true }).first().waitFor()

  // The first password is worth nothing any more, and the own one is not shown to anybody.
  const again = await open(browser)
  await logIn(again.page, somebody.email, first)
  await again.page.getByRole('alert').filter({ hasText: /密码/ }).first().waitFor()
  await again.close()

  await people.edit(somebody.name)
  assert.equal(await admin.page.getByRole('dialog').getByLabel(/^重设密码/).inputValue(), '')
  await people.mayLogIn(false)
  await (await people.find(somebody.name)).filter({ hasText: '已停用' }).waitFor()

  // The session ends at the next thing that is asked, and there is no way back in.
  await page.goto('/leads')
  await page.waitForURL((url) => url.pathname === '/login')
  await logIn(page, somebody.email, own)
  await page.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor()
  assert.match(page.url(), /\/login/)
  assert.deepEqual([...colleague.broken, ...admin.broken], [])
  await colleague.close()
  await admin.close()
})
