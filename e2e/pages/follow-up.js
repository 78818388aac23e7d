/** The follow-up card: what was done, and the promise of what comes next. */
export class FollowUpCard {
  constructor(page) {
    this.page = page
    this.card = page.getByRole('form', { name: '跟进' })
  }

  async did(action) {
    await this.card.getByRole('radiogroup', { name: '本次动作' }).getByText(action, { exact: true }).click()
  }

  async says(text) {
    await this.card.getByRole('textbox', { name: '一句话' }).fill(text)
  }

  async promises(action, due = '明天') {
    await this.card.getByRole('radiogroup', { name: '下一步' }).getByText(action, { exact: true }).click()
    await this.card.getByRole('button', { name: new RegExp(due) }).click()
  }

  async ends(outcome) {
    await this.card.getByText(outcome, { exact: true }).click()
  }

  async save() {
    await this.card.getByRole('button', { name: '保存跟进' }).click()
  }

  text() {
    return this.card.getByRole('textbox', { name: '一句话' }).inputValue()
  }

  /** What the card says is missing. */
  faults() {
    return this.card.getByRole('alert')
  }

  saved() {
    return this.page.getByText('跟进已保存')
  }
}
