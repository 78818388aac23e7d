// The palette: one box for going anywhere.
export class Finder {
  constructor(page) {
    this.page = page
    this.box = page.getByRole('dialog', { name: '查找记录或命令' })
    this.input = this.box.getByRole('combobox')
  }

  /** Opens it by keyboard. */
  async call(key = '/') {
    await this.page.keyboard.press(key)
    await this.input.waitFor()
  }

  hit(label) {
    return this.box.getByRole('option', { name: label })
  }

  /** Types until something with this label is offered, and opens it. */
  async goTo(words, label) {
    await this.input.fill(words)
    await this.hit(label).first().click()
    await this.box.waitFor({ state: 'detached' })
  }
}
