/** The records of an object, as a table on a desk and as cards on a phone. */
export class ListPage {
  constructor(page) {
    this.page = page
  }

  async open(path) {
    await this.page.goto(path)
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** The count beside the heading, once it says so many of the rows that are there. */
  count(number) {
    const fresh = this.page.getByRole('main').filter({ hasNot: this.page.locator('[data-stale]') })
    return fresh.getByRole('status').filter({ hasText: new RegExp(`^${number.toLocaleString('zh-CN')}\\+? 条$`) })
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

  /** Opens the panel that builds a filter. */
  async openFilter() {
    await this.page.getByRole('button', { name: '筛选', exact: true }).click()
  }

  /** The last condition of the builder: a field, a comparison, and a value out of those offered. */
  async condition(field, comparison, choice) {
    const last = (name) => this.page.getByRole('combobox', { name, exact: true }).last()
    await last('字段').selectOption({ label: field })
    if (comparison) await last('比较').selectOption({ label: comparison })
    if (choice) await this.page.getByRole('checkbox', { name: choice, exact: true }).last().check()
  }

  async addCondition(kind = '条件') {
    await this.page.getByRole('button', { name: kind, exact: true }).last().click()
  }

  async apply() {
    await this.page.getByRole('button', { name: '应用' }).click()
  }

  /** A panel of the bar: 排序, 分组, 列. */
  async panel(name) {
    await this.page.getByRole('button', { name, exact: true }).click()
    return this.page.getByRole('dialog', { name, exact: true })
  }

  /** The cell of a column in the row whose name is this. */
  cell(name, column) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('link', { name, exact: true }) }).locator(`[data-field=${column}]`)
  }

  get grid() {
    return this.page.getByRole('grid')
  }

  /** The heads of the groups in sight. */
  get groups() {
    return this.page.locator('[data-group]')
  }
}
