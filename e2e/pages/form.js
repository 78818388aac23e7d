/** A hosted form as a visitor sees it. */
export class FormPage {
  constructor(page) {
    this.page = page
  }

  async open(address) {
    await this.page.goto(address)
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  async fill(answers) {
    for (const [label, value] of Object.entries(answers)) {
      await this.page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value)
    }
  }

  /** Sends; whoever is faster than a hand can be is asked to send again, and does. */
  async send() {
    const button = this.page.getByRole('button', { name: '提交' })
    while (await button.isVisible()) {
      await Promise.all([this.page.waitForEvent('load'), button.click()])
      await this.thanks().or(button).first().waitFor()
    }
  }

  thanks() {
    return this.page.getByText(/谢谢|感谢/)
  }
}
