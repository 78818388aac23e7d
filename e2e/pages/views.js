/** The views of a list: their tabs, and what may be done with the present one. */
export class ViewsPage {
  constructor(page) {
    this.page = page
  }

  tab(label) {
    return this.page.getByRole('radiogroup', { name: '视图' }).getByRole('radio', { name: label, exact: true })
  }

  async choose(label) {
    await this.tab(label).check()
  }

  /** What was changed of the present view and is not saved. */
  get modified() {
    return this.page.getByRole('group', { name: '已修改' })
  }

  /** Saves what is seen under a new name. */
  async saveAs(label, who) {
    await this.modified.getByRole('button', { name: '另存为新视图' }).click()
    const dialog = this.page.getByRole('dialog', { name: '另存为新视图' })
    await dialog.getByRole('textbox', { name: '名称' }).fill(label)
    if (who) await dialog.getByRole('radio', { name: who }).check()
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  async more(entry) {
    await this.page.getByRole('button', { name: '此视图的更多操作' }).click()
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click()
  }

  async delete() {
    await this.more('删除视图')
    await this.page.getByRole('dialog', { name: '删除视图' }).getByRole('button', { name: '删除视图' }).click()
  }
}
