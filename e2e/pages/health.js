/** What an administrator should look at, and how the system is. */
export class HealthPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/health')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
    await this.page.getByRole('heading', { level: 2 }).first().waitFor()
  }

  warnings() {
    return this.page.getByRole('list', { name: '需要处理的事情' }).getByRole('listitem')
  }

  /** The value of a figure by its name. */
  async fact(name) {
    return this.page.locator('dl > div', { hasText: name }).locator('dd').innerText()
  }
}
