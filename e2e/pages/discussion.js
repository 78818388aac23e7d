/** What colleagues say of a record, in its thread. */
export class Discussion {
  constructor(page) {
    this.page = page
    this.box = page.getByRole('form', { name: '评论', exact: true })
    this.thread = page.getByRole('region', { name: '动态' })
  }

  said(text) {
    return this.thread.getByRole('listitem').filter({ hasText: text }).first()
  }

  /** The entries of a kind. */
  entries(kind) {
    return this.thread.locator(`[data-kind="${kind}"]:is(li)`)
  }

  async comment(text) {
    await this.box.getByRole('textbox', { name: '评论' }).fill(text)
    await this.box.getByRole('button', { name: '发表' }).click()
    await this.said(text).waitFor()
  }

  async edit(was, text) {
    await this.said(was).getByRole('button', { name: '编辑' }).click()
    const form = this.page.getByRole('form', { name: '编辑评论' })
    await form.getByRole('textbox').fill(text)
    await form.getByRole('button', { name: '保存' }).click()
    await form.waitFor({ state: 'detached' })
  }

  async delete(text) {
    const entry = this.entries('comment').filter({ hasText: text })
    await entry.getByRole('button', { name: '删除' }).click()
    await entry.getByRole('button', { name: '删除评论' }).click()
  }
}
