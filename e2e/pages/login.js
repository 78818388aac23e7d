import { emailOf, password } from '../api.js'

/** The log-in page. */
export class LoginPage {
  constructor(page) {
    this.page = page
  }

  async signIn(role) {
    await this.page.goto('/login')
    await this.page.getByLabel(/邮箱|Email/).fill(emailOf(role))
    await this.page.getByRole('textbox', { name: /密码|Password/ }).fill(password)
    await this.page.getByRole('button', { name: /^(登录|Log in|Sign in)$/ }).click()
    await this.page.waitForURL((url) => !url.pathname.startsWith('/login'))
  }
}
