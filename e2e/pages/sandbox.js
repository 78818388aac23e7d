/** The sandbox: what each group would see on a phone. */
export class SandboxPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/sandbox/')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** The post in a group that names something. */
  post(group, text) {
    return this.page.getByRole('article', { name: group }).locator('.bubble').filter({ hasText: text }).first()
  }
}
