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

  async claim() {
    await this.page.getByRole('button', { name: '领取' }).first().click()
  }

  claimButton() {
    return this.page.getByRole('button', { name: '领取' })
  }

  /** The newest sentence of the thread. */
  latest() {
    return this.thread.getByRole('listitem').first()
  }

  sentence(text) {
    return this.thread.getByText(text)
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
