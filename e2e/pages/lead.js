import { FollowUpCard } from './follow-up.js'

/** The page of one lead. */
export class LeadPage {
  constructor(page) {
    this.page = page
    this.followUp = new FollowUpCard(page)
    this.thread = page.getByRole('region', { name: '动态' })
    this.clocks = page.getByRole('list', { name: '计时' })
  }

  async open(id) {
    await this.page.goto(`/leads/${id}`)
    await this.title().waitFor()
  }

  title() {
    return this.page.getByRole('heading', { level: 1 })
  }

  claimButton() {
    return this.page.getByRole('button', { name: '领取', exact: true })
  }

  /** The kinds of the thread's entries, newest first. */
  kinds() {
    return this.thread.locator('[data-kind]').evaluateAll((items) => items.map((item) => item.dataset.kind))
  }

  async whyThisOwner() {
    await this.page.getByRole('button', { name: '为什么是这位负责人' }).click()
    return this.page.getByRole('dialog')
  }

  async whyThisScore() {
    await this.page.getByRole('button', { name: '为什么是这个分数' }).click()
    return this.page.getByRole('dialog')
  }
}
