/** What a channel has received, and what became of it. */
export class DeliveriesPage {
  constructor(page) {
    this.page = page
  }

  async open(channel) {
    await this.page.goto(`/channels/${channel}`)
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  async show(status) {
    await this.page.getByRole('radiogroup', { name: '状态' }).getByRole('radio', { name: status, exact: true }).check()
  }

  rows() {
    return this.page.getByRole('table').getByRole('row').filter({ has: this.page.getByRole('cell') })
  }

  async openFirst() {
    await this.rows().first().getByRole('button').first().click()
    return this.page.getByRole('dialog')
  }

  async replayAllFailed() {
    await this.page.getByRole('button', { name: '全部重放' }).click()
  }

  progress() {
    return this.page.getByRole('status')
  }
}
