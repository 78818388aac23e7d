/** The lead-health dashboard. */
export class DashboardPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/dash/lead-health')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
    await this.tile('新线索').waitFor()
  }

  tile(label) {
    return this.page.getByRole('link', { name: new RegExp(`^${label}`) })
  }

  async number(label) {
    const text = await this.tile(label).textContent()
    return Number(/\d[\d,]*/.exec(text ?? '')?.[0].replaceAll(',', ''))
  }

  async openNumber(label) {
    await this.tile(label).click()
  }
}
