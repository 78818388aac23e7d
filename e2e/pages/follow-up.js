/** The follow-up card: what was done, and the promise of what comes next. */
export class FollowUpCard {
  constructor(page) {
    this.page = page
    this.card = page.getByRole('form', { name: '跟进' })
  }

  async did(action) {
    await this.card.getByRole('radiogroup', { name: '本次动作' }).getByRole('radio', { name: action }).check()
  }

  async says(text) {
    await this.card.getByRole('textbox', { name: '一句话' }).fill(text)
  }

  async promises(action, due = '明天') {
    await this.card.getByRole('radiogroup', { name: '下一步' }).getByRole('radio', { name: action }).check()
    await this.card.getByRole('button', { name: new RegExp(due) }).click()
  }

  async ends(outcome) {
    await this.card.getByText('记录结果或结束跟进').click()
    await this.card.getByRole('radiogroup', { name: '结果' }).getByRole('radio', { name: outcome }).check()
  }

  async save() {
    await this.page.getByRole('button', { name: '保存跟进' }).click()
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
