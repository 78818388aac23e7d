import { until } from '../wait.js'

/** An object's records by the choice where they stand. */
export class BoardPage {
  constructor(page) {
    this.page = page
  }

  async open(object = 'project') {
    await this.page.goto(`/o/${object}?layout=board`)
    await this.page.locator('[data-strip] [data-card]').first().waitFor()
  }

  column(label) {
    return this.page.getByRole('region', { name: new RegExp(`^${label} \\d+$`) })
  }

  async count(label) {
    return Number(/\d+$/.exec((await this.column(label).getAttribute('aria-label')) ?? '')?.[0])
  }

  card(title, label) {
    const within = label ? this.column(label) : this.page.locator('[data-strip]')
    return within.locator('[data-card]').filter({ has: this.page.getByRole('link', { name: title, exact: true }) })
  }

  /** Carries a card with the mouse to another column, scrolling by its edge where that lies out of sight. */
  async drag(title, to) {
    await this.card(title).hover() // once it stands still
    const card = await middle(this.card(title))
    await this.page.mouse.move(card.x, card.y + 16)
    await this.page.mouse.down()
    await this.page.mouse.move(card.x + 12, card.y + 20)
    await this.intoSight(to)
    const place = await middle(this.column(to))
    await this.page.mouse.move(place.x, card.y + 20, { steps: 4 })
    await this.page.locator(`[data-strip] > [data-over]`).and(this.column(to)).waitFor()
    await this.page.mouse.up()
  }

  /** Holds the card at the right edge until a column has come whole into the strip. */
  async intoSight(label) {
    const seen = () => this.column(label).evaluate((column) => column.getBoundingClientRect().right <= innerWidth - 60)
    if (await seen()) return
    const box = await this.page.locator('[data-strip]').boundingBox()
    await this.page.mouse.move(box.x + box.width - 4, box.y + 120)
    await this.page.waitForFunction(() => {
      const strip = document.querySelector('[data-strip]')
      return strip.scrollLeft + strip.clientWidth >= strip.scrollWidth - 2
    })
  }

  /** Opens a card's menu with the keyboard and chooses where it goes. */
  async moveByKeys(title, to) {
    await this.menuButton(title).focus()
    await this.page.keyboard.press('Enter')
    const entries = this.page.getByRole('menuitem')
    await entries.first().waitFor()
    const here = () => this.page.evaluate(() => (document.activeElement.role === 'menuitem' ? document.activeElement.textContent.trim() : ''))
    await until(here, (text) => text !== '')
    const labels = (await entries.allInnerTexts()).map((text) => text.trim())
    for (let n = 0; n < labels.length && (await here()) !== `移到 ${to}`; n++) await this.page.keyboard.press('ArrowDown')
    await this.page.keyboard.press('Enter')
  }

  menuButton(title) {
    return this.page.getByRole('button', { name: `移动 ${title}`, exact: true })
  }

  async moveByTap(title, to) {
    await this.menuButton(title).tap()
    await this.page.getByRole('menuitem', { name: `移到 ${to}` }).tap()
  }

  tab(label) {
    return this.page.getByRole('navigation', { name: '阶段' }).getByRole('button', { name: new RegExp(`^${label}`) })
  }

  /** Rests a finger on a card until it is lifted, carries it to a tab and lets go. */
  async carryToTab(title, to) {
    const finger = await this.page.context().newCDPSession(this.page)
    const touch = (type, at) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: at.x, y: at.y }] : [] })
    const from = await middle(this.card(title))
    const place = await middle(this.tab(to))
    await touch('touchStart', { x: from.x - 40, y: from.y })
    await this.page.locator('[data-card][data-lifted]').waitFor()
    await touch('touchMove', { x: (from.x + place.x) / 2, y: (from.y + place.y) / 2 })
    await touch('touchMove', place)
    await this.tab(to).and(this.page.locator('[data-over]')).waitFor()
    await touch('touchEnd')
    await finger.detach()
  }

  /** What the board tells those who do not see it. */
  told(text) {
    return this.page.getByRole('status').filter({ hasText: text })
  }

  async giveReason(label, choice) {
    const dialog = this.page.getByRole('dialog', { name: '为什么？' })
    await dialog.getByRole('radiogroup', { name: label }).getByRole('radio', { name: choice }).check()
    await dialog.getByRole('button', { name: '保存' }).click()
  }

  async undo() {
    await this.page.getByRole('button', { name: '撤销', exact: true }).last().click()
  }
}

async function middle(locator) {
  const box = await locator.boundingBox()
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
