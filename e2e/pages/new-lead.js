/** The short form for a lead met in person or on the phone. */
export class NewLeadPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/leads/new')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  async fill(fields) {
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value)
    }
  }

  inputs() {
    return this.page.locator('form').locator('input:not([type=radio]):visible, select:visible, textarea:visible, [role=radiogroup]')
  }

  async save() {
    await this.page.getByRole('button', { name: '保存线索' }).click()
  }

  duplicateWarning() {
    return this.page.getByText(/可能已经有这条线索/)
  }

  async recordAsTouch() {
    await this.page.getByRole('button', { name: '记为一次触点' }).click()
  }
}
