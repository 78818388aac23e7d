import { ConvertDialog } from './convert.js'

/** The page of a record that is not a lead: its stages, and what belongs to it. */
export class RecordPage {
  constructor(page) {
    this.page = page
    this.convert = new ConvertDialog(page)
    this.related = page.getByRole('region', { name: '相关记录' })
  }

  async open(object, id) {
    await this.page.goto(`/o/${object}/${id}`)
    await this.title().waitFor()
  }

  title() {
    return this.page.getByRole('heading', { level: 1 })
  }

  /** The stage where it stands, as the bar of stages says. */
  stage() {
    return this.page.getByRole('list', { name: '阶段' }).locator('[aria-current=step]')
  }

  /** Opens the section where a field of several choices stands; answers with its chips. */
  async editChoices(label) {
    const section = this.page.getByRole('region').filter({ has: this.page.getByText(label, { exact: true }) }).first()
    await section.getByRole('button', { name: /^编辑/ }).click()
    return this.page.getByRole('group', { name: label })
  }

  async saveFacts() {
    await this.page.getByRole('button', { name: '保存', exact: true }).click()
    await this.page.getByRole('button', { name: '保存', exact: true }).waitFor({ state: 'hidden' })
  }

  /** The panel that adds a record of that name beside this one. */
  async add(name) {
    await this.related.getByRole('button', { name: `新建${name}` }).click()
    return new AddPanel(this.page, name)
  }

  belongs(label) {
    return this.related.getByRole('link', { name: label, exact: true })
  }

  /** A sum of a related list: 合计, 已到账, 未收. */
  sum(name) {
    return this.related.locator('dl > div').filter({ has: this.page.getByText(name, { exact: true }) }).locator('dd').first()
  }
}

/** The short form in a panel. */
class AddPanel {
  constructor(page, name) {
    this.name = name
    this.panel = page.getByRole('dialog', { name: `新建${name}` })
  }

  async fill(fields) {
    for (const [label, value] of Object.entries(fields)) {
      await this.panel.getByRole('textbox', { name: new RegExp(`^${label}`) }).first().fill(value)
    }
  }

  async choose(label, choice) {
    await this.panel.getByRole('radiogroup', { name: new RegExp(`^${label}`) }).getByRole('radio', { name: choice }).check()
  }

  async save() {
    await this.panel.getByRole('button', { name: `保存${this.name}` }).click()
    await this.panel.waitFor({ state: 'hidden' })
  }
}
