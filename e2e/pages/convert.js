/** The dialog that makes company, contact and project of a lead. */
export class ConvertDialog {
  constructor(page) {
    this.page = page
    this.dialog = page.getByRole('dialog', { name: '转商机' })
  }

  async open() {
    await this.page.getByRole('button', { name: '转商机', exact: true }).click()
    await this.dialog.waitFor()
  }

  target(name) {
    return this.dialog.getByRole('group', { name, exact: true })
  }

  async fill(target, label, value) {
    await this.target(target).getByRole('textbox', { name: label }).fill(value)
  }

  async submit() {
    await this.dialog.getByRole('button', { name: '转商机', exact: true }).click()
  }

  /** A record of the conversion, in the lead's head. */
  made(object) {
    return this.page.getByRole('banner').or(this.page.locator('main header')).getByRole('link', { name: new RegExp(`^${object}`) }).first()
  }

  undoButton() {
    return this.page.getByRole('button', { name: '撤销转换' })
  }
}
