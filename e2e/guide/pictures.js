// The guide's pictures: each opens a screen as the reader of a page does, without changing the company.
import { join } from 'node:path'
import { roles, signIn } from '../api.js'
import { open } from '../browser.js'
import { wordsOf } from './words.js'

const sizes = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

/** What the template calls things, which is not in the app's own texts. */
const labels = {
  'zh-CN': { field: '字段', choices: '选项', rows: '规则行', pool: '接单组', south: '华南组', source: '来源', when: '条件', target: '期限', name: '名称', label: '标签', mapping: '字段映射', company: '公司', convert: '转商机', call: '电话沟通', quote: '提交报价' },
  en: { field: 'Fields', choices: 'Choices', rows: 'Rows', pool: 'Pool', south: 'South China team', source: 'Source', when: 'When', target: 'Target', name: 'Name', label: 'Label', mapping: 'Mapping', company: 'Company', convert: 'Convert', call: 'Phone call', quote: 'Submit a quotation' },
}

/** Everything that a picture's steps need. */
class Scene {
  constructor(page, language) {
    this.page = page
    this.language = language
    this.t = wordsOf(language)
    this.label = labels[language]
  }

  async go(path) {
    await this.page.goto(path)
    await this.page.getByRole('heading', { level: 1 }).first().waitFor()
    await this.quiet()
  }

  async quiet() {
    await this.page.waitForLoadState('networkidle')
    await this.page.evaluate(() => Promise.all(document.getAnimations().filter((moving) => moving.effect?.getComputedTiming().endTime !== Infinity).map((moving) => moving.finished.catch(() => null))))
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  list(name) {
    return this.page.getByRole('list', { name, exact: true })
  }

  /** Opens a row of a list in the setup by what it begins with. */
  async row(list, name) {
    await this.list(list).locator('button[aria-expanded][aria-keyshortcuts]').filter({ has: this.page.getByText(name, { exact: true }) }).first().click()
  }

  async add(list) {
    await this.button(this.t('setup', 'addTo', { list })).click()
  }
}

/** The lead that pictures of one show: the seller's own, promised for the earliest time. */
async function ownLead() {
  const filter = encodeURIComponent('负责人 = ME() AND 状态 = "跟进中"')
  const { body } = await (await signIn('sales')).get(`/records/lead?limit=1&sort=next_due&filter=${filter}`)
  return `/leads/${body.items[0].id}`
}

/** A lead that a pool gave to the sales person: others could have been chosen. */
async function dealtLead() {
  const sales = await signIn('sales')
  const { body } = await sales.get(`/records/lead?limit=50&sort=-created_at&filter=${encodeURIComponent('负责人 = ME()')}`)
  for (const { id } of body.items) {
    const { body: why } = await sales.get(`/records/lead/${id}/why`)
    if (why.owner?.candidates?.length > 0) return `/leads/${id}`
  }
  throw new Error('no lead of the sales person came from a pool')
}

async function leaveNoDraft() {
  const admin = await signIn('admin')
  for (const { id } of (await admin.get('/config/drafts')).body.items) await admin.remove(`/config/drafts/${id}`)
}

/** Name of the picture → who sees it, on what, and how to get there. */
export const pictures = {
  'sales-home': { role: 'sales', device: 'phone', show: (s) => s.go('/home') },
  'sales-follow-up': {
    role: 'sales',
    device: 'phone',
    async show(s) {
      await s.go('/home')
      await s.page.getByRole('link', { name: s.t('home', 'followUpOf').trim() }).first().click()
      const card = s.page.getByRole('form', { name: s.t('followup', 'title') })
      await card.getByRole('radiogroup', { name: s.t('followup', 'action') }).getByRole('radio', { name: s.label.call }).check()
      await card.getByRole('textbox', { name: s.t('followup', 'text') }).fill(s.language === 'en' ? 'Two shifts, inspection by eye → our trial cell' : '两班人工目检漏检多 → 先放一台样机试两周')
      await card.getByRole('radiogroup', { name: s.t('followup', 'nextAction') }).getByRole('radio', { name: s.label.quote }).check()
      await card.evaluate((form) => form.scrollIntoView({ block: 'start' }))
      await s.page.mouse.wheel(0, -60)
    },
  },
  'sales-lead': { role: 'sales', show: async (s) => s.go(await ownLead()) },
  'sales-why': {
    role: 'sales',
    async show(s) {
      await s.go(await dealtLead())
      await s.button(new RegExp(`^${s.t('records', 'why.ownerTitle')}`)).click()
      await s.page.getByRole('dialog').getByText(s.t('records', 'why.candidates')).waitFor()
    },
  },
  'sales-new': { role: 'sales', device: 'phone', show: (s) => s.go('/leads/new') },
  'sales-convert': {
    role: 'sales',
    async show(s) {
      await s.go(await ownLead())
      await s.button(s.label.convert).click()
      await s.page.getByRole('dialog').getByRole('button', { name: s.label.convert }).waitFor()
    },
  },
  'manager-home': { role: 'manager', show: (s) => s.go('/home') },
  'manager-assign': {
    role: 'manager',
    async show(s) {
      await s.go('/leads?view=lead.unassigned')
      for (const nth of [0, 1]) await s.page.getByRole('row').getByRole('checkbox', { name: s.t('leads', 'selectRow').trim() }).nth(nth).check()
      await s.page.getByRole('group', { name: s.t('leads', 'bulk') }).getByRole('button', { name: s.t('leads', 'assign'), exact: true }).click()
      await s.page.getByRole('dialog').waitFor()
    },
  },
  'manager-lead-health': { role: 'manager', show: (s) => s.go('/dash/lead-health') },
  'manager-board': { role: 'manager', show: (s) => s.go('/o/project?layout=board') },
  'marketing-home': { role: 'marketing', show: (s) => s.go('/home') },
  'marketing-delivery': {
    role: 'marketing',
    async show(s) {
      await s.go('/channels/douyin')
      await s.page.getByRole('table').getByRole('row').filter({ has: s.page.getByRole('cell') }).first().getByRole('button').first().click()
      await s.page.getByRole('dialog').getByText(s.t('intake', 'body')).first().waitFor()
    },
  },
  'marketing-form': { device: 'phone', show: (s) => s.go('/f/expo') },
  'service-home': { role: 'service', show: (s) => s.go('/home') },
  'service-ticket': {
    role: 'service',
    async show(s) {
      const { body } = await (await signIn('service')).get('/records/ticket?limit=1&sort=-created_at')
      await s.go(`/o/ticket/${body.items[0].id}`)
    },
  },
  'builder-setup': { role: 'admin', show: (s) => s.go('/setup') },
  'builder-choice': {
    role: 'admin',
    async show(s) {
      await s.go('/setup/object/lead')
      await s.row(s.label.field, s.label.source)
      await s.add(s.label.choices)
      await s.list(s.label.choices).getByLabel(s.label.name, { exact: true }).last().fill('小红书')
    },
  },
  'builder-routing': {
    role: 'admin',
    async show(s) {
      await s.go('/setup/routing-table/lead')
      const panel = s.page.getByRole('complementary', { name: s.t('setup', 'try') })
      await panel.getByRole('combobox', { name: s.t('setup', 'recentRecord') }).selectOption({ index: 1 })
      await s.add(s.label.rows)
      const rows = s.list(s.label.rows)
      await rows.getByLabel(s.label.when, { exact: true }).last().fill('来源="转介绍"')
      await rows.getByRole('button', { name: s.label.pool, exact: true }).last().click()
      await rows.getByRole('combobox', { name: s.label.pool, exact: true }).last().selectOption({ label: s.label.south })
      await panel.getByRole('region', { name: s.t('setup', 'asToday') }).waitFor()
    },
  },
  'builder-publish': {
    role: 'admin',
    async show(s) {
      await s.go('/setup/clock/claim')
      const target = s.page.locator(`input[aria-label="${s.label.target}"]`).or(s.page.getByLabel(s.label.target, { exact: true }).locator('input')).first()
      await target.fill((await target.inputValue()) === '45' ? '50' : '45')
      await s.button(s.t('setup', 'publish')).click()
      await s.page.getByRole('dialog').getByRole('listitem').first().waitFor()
    },
  },
  'builder-mapping': {
    role: 'admin',
    async show(s) {
      await s.go('/setup/channel/douyin')
      await s.row(s.label.mapping, s.label.company)
    },
  },
  'builder-form': { role: 'admin', show: (s) => s.go('/setup/form/expo') },
  'builder-view': {
    role: 'admin',
    async show(s) {
      await s.go('/leads?view=lead.all&group=source')
      await s.page.getByRole('group', { name: s.t('leads', 'view.modified') }).getByRole('button', { name: s.t('leads', 'view.saveAs') }).click()
      const dialog = s.page.getByRole('dialog', { name: s.t('leads', 'view.saveAs') })
      await dialog.getByRole('textbox', { name: s.t('leads', 'view.label') }).fill(s.language === 'en' ? 'By source' : '按来源')
      await dialog.getByRole('radio', { name: s.t('leads', 'view.for.everyone') }).check()
    },
  },
  'it-health': { role: 'admin', show: (s) => s.go('/health') },
  'it-people': { role: 'admin', show: (s) => s.go('/people') },
  'it-security': { role: 'admin', show: (s) => s.go('/security') },
}

async function speak(language) {
  for (const role of roles) await (await signIn(role)).patch('/session', { language })
}

/** Takes all pictures in a language into a folder; the company is as it was before. */
export async function takePictures(browser, language, folder, names = Object.keys(pictures)) {
  await speak(language)
  try {
    // The administrator's beside the others': who sets the company up and who works in it do not meet.
    const lane = async (ofLane) => {
      for (const name of names.filter((one) => ofLane(pictures[one].role))) await take(browser, language, join(folder, `${name}.png`), pictures[name])
    }
    await Promise.all([lane((role) => role === 'admin'), lane((role) => role !== 'admin')])
  } catch (error) {
    throw new Error(`the guide’s picture ${folder}: ${error.message}`, { cause: error })
  } finally {
    await leaveNoDraft()
    await speak('zh-CN')
  }
}

async function take(browser, language, path, { role, device = 'desk', show }) {
  const { page, close } = await open(browser, { role, device, language, size: sizes[device] })
  try {
    const scene = new Scene(page, language)
    await show(scene)
    await scene.quiet()
    await page.screenshot({ path, caret: 'hide' })
  } catch (error) {
    throw new Error(`${path}: ${error.message}`, { cause: error })
  } finally {
    await close()
  }
}
