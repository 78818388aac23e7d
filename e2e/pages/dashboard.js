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

  /** When the number first differs from an old one, in milliseconds since 1970. */
  async moves(label, old) {
    const seen = await this.page.waitForFunction(
      ([label, old]) => {
        const tile = [...document.querySelectorAll('main a')].find((link) => link.textContent?.startsWith(label))
        const number = Number(/\d[\d,]*/.exec(tile?.textContent ?? '')?.[0].replaceAll(',', ''))
        return number !== old && Date.now()
      },
      [label, old],
      { polling: 'raf' },
    )
    return seen.jsonValue()
  }

  async openNumber(label) {
    await this.tile(label).click()
  }
}
