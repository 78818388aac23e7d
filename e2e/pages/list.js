/** The records of an object, as a table on a desk and as cards on a phone. */
export class ListPage {
  constructor(page) {
    this.page = page
  }

  async open(path) {
    await this.page.goto(path)
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** The count beside the heading, once it says so many. */
  count(number) {
    return this.page.getByRole('status').filter({ hasText: new RegExp(`^${number.toLocaleString('zh-CN')}\\+? 条$`) })
  }

  /** Asks with the expression itself. */
  async filterByText(expression) {
    await this.page.getByRole('button', { name: '筛选', exact: true }).click()
    await this.page.getByRole('radio', { name: '表达式' }).check()
    await this.page.getByRole('textbox', { name: '表达式' }).fill(expression)
    await this.page.getByRole('button', { name: '应用' }).click()
  }

  async removeFilter() {
    await this.page.getByRole('button', { name: '去掉此条件' }).first().click()
  }

  async sortBy(label) {
    await this.header(label).getByRole('button').click()
  }

  header(label) {
    return this.page.getByRole('columnheader', { name: label, exact: true })
  }

  /** The head of a column that gives the order, once its rows are there. */
  sorted(label) {
    return this.page.locator('[role=grid]:not([data-stale])').getByRole('columnheader', { name: label, exact: true }).and(this.page.locator('[aria-sort]'))
  }

  /** What stands in a column of the rows in sight. */
  async column(label) {
    const heads = await this.page.getByRole('columnheader').allInnerTexts()
    const index = heads.findIndex((text) => text.trim() === label)
    const cells = this.page.getByRole('row').locator(`[role=gridcell]:nth-child(${index + 1})`)
    return (await cells.allInnerTexts()).map((text) => text.trim())
  }
}
