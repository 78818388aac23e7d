import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signIn } from '../api.js'
import { launch, open } from '../browser.js'
import { BulkPage } from '../pages/bulk.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** An operation of the manager's over one lead that stays as it is, once it has ended. */
async function operationOfTheManager() {
  const manager = await signIn('manager')
  const { body: leads } = await manager.get('/records/lead?limit=1&fields=city')
  const { id, city } = leads.items[0]
  const { status, body } = await manager.post('/operations', { object: 'lead', action: 'edit', ids: [id], fields: { city: city ?? '苏州' } })
  assert.equal(status, 201)
  return { id: body.id, asker: manager.user.name }
}

test('an administrator sees what others do to many records, a manager only his own', async () => {
  const { id, asker } = await operationOfTheManager()
  const admin = await open(browser, { role: 'admin' })
  const theirs = await new BulkPage(admin.page).history({ everybody: true })
  await theirs(id).getByText(`${asker} 发起`).waitFor()
  assert.equal(await theirs(id).getByRole('button', { name: '撤销' }).count(), 0)
  await admin.close()

  const manager = await open(browser, { role: 'manager' })
  const own = await new BulkPage(manager.page).history()
  await own(id).waitFor()
  assert.equal(await manager.page.getByRole('checkbox', { name: '包括其他人的操作' }).count(), 0)
  await manager.close()
})
