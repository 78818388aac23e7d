/** The days from the lead to the first payment. */
export class LeadToCashPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/dash/lead-to-cash')
    await this.present().waitFor()
  }

  present() {
    return this.page.getByRole('link', { name: /^本期天数/ })
  }

  /** How many leads were paid for the first time in the period. */
  async records() {
    return Number(/(\d+) 条线索/.exec((await this.present().textContent()) ?? '')?.[1])
  }
}
