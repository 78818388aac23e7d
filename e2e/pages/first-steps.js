/** The first steps on an administrator's home. */
export class FirstSteps {
  constructor(page) {
    this.page = page
    this.box = page.getByRole('region', { name: '开始使用' })
  }

  /** Opens home, and waits until it is known which steps are done. */
  async open() {
    const told = this.page.waitForResponse((answer) => answer.url().endsWith('/api/v1/first-steps') && answer.request().method() === 'GET')
    await this.page.goto('/home')
    await (await told).finished()
  }

  /** The steps as they stand, in order, with a mark for those done. */
  async standing() {
    await this.box.waitFor()
    return this.box.getByRole('listitem').evaluateAll((rows) => rows.map((row) => `${row.querySelector('a').textContent}${row.dataset.done ? ' ✓' : ''}${row.dataset.next ? ' ←' : ''}`))
  }

  take(step) {
    return this.box.getByRole('link', { name: step, exact: true }).click()
  }
}
