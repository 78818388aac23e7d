/** The home of a role: sections with records and a number each. */
export class HomePage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/home')
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** The number of a section, which opens its list. */
  figure(label) {
    return this.page.getByRole('main').getByRole('link', { name: new RegExp(`^\\d+\\+? ?${label}$`) })
  }

  async number(label) {
    return Number.parseInt(await this.figure(label).innerText(), 10)
  }

  /** Waits until a number has grown without a reload. */
  async moreThan(label, old, timeout) {
    await this.figure(label).waitFor()
    await this.page.waitForFunction(
      ([label, old]) => [...document.querySelectorAll('main a')].some(({ innerText }) => innerText.includes(label) && Number.parseInt(innerText, 10) > old),
      [label, old],
      { timeout },
    )
  }

  /** The link of a record in any section; it may still have to arrive. */
  lead(company) {
    return this.page.getByRole('link', { name: company, exact: true }).first()
  }

  /** The way from a record's line straight to its follow-up card. */
  followUp(company) {
    return this.page.getByRole('link', { name: `跟进 ${company}` }).first()
  }
}
