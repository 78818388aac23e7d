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

  /** The address that a form's QR code leads to. */
  address() {
    return this.page.getByRole('region', { name: '对外地址' }).getByRole('link').getAttribute('href')
  }

  /** How wide the QR code is once it is loaded; 0 when it cannot be drawn. */
  codeWidth() {
    return this.page.getByRole('img', { name: /二维码/ }).evaluate(async (image) => {
      await image.decode()
      return image.naturalWidth
    })
  }
}
