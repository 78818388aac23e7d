/** Log-in, the dialog over the page, and the settings of both. */
export class SecurityPages {
  constructor(page) {
    this.page = page
  }

  async logIn(email, password) {
    await this.page.goto('/login')
    await this.page.getByLabel(/邮箱/).fill(email)
    await this.page.getByRole('textbox', { name: /密码/ }).fill(password)
    await this.page.getByRole('button', { name: '登录', exact: true }).click()
  }

  /** Fills the dialog that an ended session brings. */
  async logInAgain(password) {
    const dialog = this.page.getByRole('dialog')
    await dialog.getByText('登录已过期').waitFor()
    await dialog.getByRole('textbox', { name: /密码/ }).fill(password)
    await dialog.getByRole('button', { name: '登录', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Sets the log-in provider up and tries the connection first. */
  async setUpProvider({ label, issuer, client, secret }) {
    const { page } = this
    await page.goto('/security')
    await page.getByLabel('按钮文字').fill(label)
    await page.getByLabel('签发方地址').fill(issuer)
    await page.getByLabel(/^客户端 ID/).fill(client)
    await page.getByLabel(/^客户端密钥/).fill(secret)
    await page.getByLabel('地址在公司内网').check()
    await page.getByRole('button', { name: '测试连接' }).click()
    await page.getByText('客户端 ID 和密钥 正常').waitFor()
    await page.getByLabel('在登录页上显示').check()
    await page.getByRole('button', { name: '保存' }).last().click()
    await page.getByText('已保存', { exact: true }).waitFor()
  }
}
