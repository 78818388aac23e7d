/** What is done to many records at once from a list, and how far it is. */
export class BulkPage {
  constructor(page) {
    this.page = page
    this.bar = page.getByRole('group', { name: '批量操作' })
    this.dock = page.getByRole('region', { name: '批量操作' })
  }

  /** Chooses every record that matches, not only those that are loaded. */
  async chooseAllMatching() {
    await this.page.getByRole('checkbox', { name: '全选已载入的' }).check()
    await this.bar.getByRole('button', { name: /^选择全部 .* 条匹配$/ }).click()
  }

  /** Gives a field of all chosen records a value and says what the button said. */
  async edit(field, value) {
    await this.bar.getByRole('button', { name: '修改字段' }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: '字段' }).selectOption({ label: field })
    await dialog.getByRole('textbox', { name: '改为' }).fill(value)
    const button = dialog.getByRole('button', { name: /^修改 [\d,]+ 条$/ })
    await button.waitFor()
    const said = await button.innerText()
    await button.click()
    await dialog.waitFor({ state: 'detached' })
    return said
  }

  /** The line of an operation that ended with so many done. */
  ended(text, done) {
    return this.dock.locator('[data-operation]').filter({ hasText: text }).filter({ hasText: `完成 ${done.toLocaleString('zh-CN')} / ` })
  }

  /** Opens what was done so far, also by others if asked for; gives the line of an operation. */
  async history({ everybody = false } = {}) {
    await this.page.goto('/operations')
    const main = this.page.getByRole('main')
    await main.getByRole('heading', { name: '批量操作' }).waitFor()
    if (everybody) await main.getByRole('checkbox', { name: '包括其他人的操作' }).check()
    return (id) => main.locator(`[data-operation="${id}"]`)
  }

  async undo(line) {
    await line.getByRole('button', { name: '撤销' }).click()
  }

  /** Takes the list away as a file and gives its name and text. */
  async exportAs(format) {
    await this.page.getByRole('button', { name: '导出' }).click()
    const [file] = await Promise.all([this.page.waitForEvent('download'), this.page.getByRole('menuitem', { name: format }).click()])
    const stream = await file.createReadStream()
    const parts = []
    for await (const part of stream) parts.push(part)
    return { name: file.suggestedFilename(), bytes: Buffer.concat(parts) }
  }
}
