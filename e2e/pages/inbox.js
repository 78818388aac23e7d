/** What a person was told, newest first. */
export class InboxPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/inbox')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** Reads on, page by page, until a message with these words is there. */
  async lookFor(text) {
    const more = this.page.getByRole('main').getByRole('button', { name: '更早的通知' })
    for (;;) {
      await this.message(text).or(more).first().waitFor()
      if (await this.message(text).isVisible()) return
      await more.click()
    }
  }

  message(text) {
    return this.page.getByRole('main').getByRole('listitem').filter({ hasText: text }).first().getByRole('link')
  }
}
