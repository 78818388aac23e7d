/** What a person was told, newest first. */
export class InboxPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/inbox')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  message(text) {
    return this.page.getByRole('main').getByRole('listitem').filter({ hasText: text }).first().getByRole('link')
  }
}
