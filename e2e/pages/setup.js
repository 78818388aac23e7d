/** The configuration as a sales-operations person sees it. Every tap and key press is counted. */
export class SetupPage {
  constructor(page) {
    this.page = page
    this.steps = 0
    this.keys = 0
  }

  async tap(locator) {
    this.steps++
    await locator.click()
  }

  async type(locator, text) {
    this.steps++
    this.keys += text.length
    await locator.fill(text)
  }

  async choose(locator, label) {
    this.steps++
    await locator.selectOption({ label })
  }

  async press(keys) {
    this.keys++
    await this.page.keyboard.press(keys)
  }

  async index() {
    this.steps++
    await this.page.goto('/setup')
    await this.page.getByRole('heading', { level: 1, name: '配置' }).waitFor()
  }

  /** Finds a document by what it is called and opens it. */
  async find(text, kind, name) {
    await this.index()
    await this.type(this.page.getByRole('searchbox', { name: /搜索配置/ }), text)
    await this.tap(this.page.getByRole('list', { name: '搜索结果' }).locator(`a[href="/setup/${kind}/${name}"]`))
    await this.opened()
  }

  async open(kind, name) {
    await this.page.goto(`/setup/${kind}/${name}`)
    await this.opened()
  }

  async opened() {
    await this.page.getByText('检查通过').waitFor()
  }

  list(label) {
    return this.page.getByRole('list', { name: label, exact: true })
  }

  /** The row of a list that begins with this name. */
  row(list, name) {
    return this.list(list).locator('button[aria-expanded][aria-keyshortcuts]').filter({ has: this.page.getByText(name, { exact: true }) })
  }

  names(list) {
    return this.list(list).locator(':scope > li > div:first-child button[aria-expanded]').allInnerTexts()
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true })
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true })
  }

  /** Saves by the keyboard and waits until the draft has it. */
  async save() {
    await this.press('Control+s')
    await this.page.getByText('草稿', { exact: true }).waitFor()
  }

  /** Opens the last look; answers with what it says. */
  async review() {
    await this.tap(this.page.getByRole('button', { name: '发布…' }))
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('listitem').first().waitFor()
    return dialog
  }

  async publish() {
    await this.tap(this.page.getByRole('dialog').getByRole('button', { name: '立即发布' }))
    await this.page.getByText(/已发布，版本 \d+/).first().waitFor()
  }

  async act(name) {
    await this.tap(this.page.getByRole('button', { name: '更多操作' }))
    await this.tap(this.page.getByRole('menuitem', { name }))
  }

  drawer() {
    return this.page.getByRole('dialog')
  }
}
