// Who works in the company: adding a colleague, taking the entrance away, and what a new one does first.
export class PeoplePage {
  constructor(page) {
    this.page = page
    this.panel = page.getByRole('dialog')
  }

  async open() {
    await this.page.goto('/people')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  async add({ name, email, password, role, department }) {
    await this.page.getByRole('button', { name: '新建用户' }).click()
    await this.panel.getByLabel('姓名').fill(name)
    await this.panel.getByLabel('邮箱').fill(email)
    await this.panel.getByLabel(/^初始密码/).fill(password)
    await this.panel.getByLabel(/^部门/).selectOption({ label: department })
    await this.panel.getByRole('checkbox', { name: role, exact: true }).waitFor()
    for (const box of await this.panel.getByRole('group', { name: '角色' }).getByRole('checkbox').all()) await box.uncheck()
    await this.panel.getByRole('checkbox', { name: role, exact: true }).check()
    await this.save()
  }

  async find(name) {
    await this.page.getByRole('searchbox', { name: '按姓名或邮箱查找' }).or(this.page.getByPlaceholder('按姓名或邮箱查找')).fill(name)
    return this.page.getByRole('row').filter({ hasText: name })
  }

  /** Opens somebody who was found. */
  async edit(name) {
    await (await this.find(name)).getByRole('button', { name }).click()
    await this.panel.getByLabel('姓名').waitFor()
  }

  async save() {
    await this.panel.getByRole('button', { name: '保存' }).click()
    await this.panel.waitFor({ state: 'hidden' })
  }

  /** May he log in from now on? */
  async mayLogIn(may) {
    await this.panel.getByRole('checkbox', { name: '可以登录' }).setChecked(may)
    await this.save()
  }
}

/** The first page of somebody whose password another person chose. */
export class FirstPassword {
  constructor(page) {
    this.page = page
    this.heading = page.getByRole('heading', { name: '修改密码' }).or(page.getByRole('heading', { level: 1 }))
  }

  async change(from, to) {
    await this.page.getByLabel(/^当前密码/).fill(from)
    await this.page.getByLabel(/^新密码/).fill(to)
    await this.page.getByRole('button', { name: '修改密码' }).click()
  }
}
