// Things to do: the list and the calendar.
export class TasksPage {
  constructor(page) {
    this.page = page
  }

  async open() {
    await this.page.goto('/tasks')
    await this.page.getByRole('heading', { level: 1, name: '待办' }).waitFor()
  }

  row(label) {
    return this.page.getByRole('listitem').filter({ hasText: label })
  }

  async complete(label) {
    await this.row(label).getByRole('button', { name: `完成 ${label}` }).click()
  }

  async undo() {
    await this.page.getByRole('button', { name: '撤销' }).click()
  }
}

export class CalendarPage {
  constructor(page) {
    this.page = page
  }

  async open(day) {
    await this.page.goto(`/calendar?day=${day}`)
    await this.page.getByRole('heading', { level: 1, name: '日历' }).waitFor()
  }

  on(day) {
    return this.page.locator(`[data-day="${day}"]`)
  }

  /** Moves something a day further by keyboard. */
  async tomorrow(label) {
    await this.page.getByRole('link', { name: label }).focus()
    await this.page.keyboard.press('Alt+ArrowRight')
  }

  async confirm(reason) {
    const dialog = this.page.getByRole('dialog')
    if (reason) await dialog.getByRole('button', { name: reason }).click()
    await dialog.getByRole('button', { name: '改期', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  async undo() {
    await this.page.getByRole('button', { name: '撤销' }).click()
  }
}
