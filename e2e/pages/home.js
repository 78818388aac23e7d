/** The home of a role: sections with records and a number each. */
export class HomePage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/home')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** The link of a record in any section; it may still have to arrive. */
  lead(company) {
    return this.page.getByRole('link', { name: new RegExp(company) }).first()
  }

  async openFirstLead() {
    await this.page.locator('main a[href*="/leads/"], main a[href*="/o/lead/"]').first().click()
  }
}
