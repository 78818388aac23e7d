// Every screen of the app: at which address of its router, who uses it, what is there once it is
// whole, and what may be opened on it. `t` gives the texts of the language in use.
import { readFileSync } from 'node:fs'
import { signIn } from './api.js'

/** The addresses of the app's router, as they are written there; the start only leads on. */
export function routes() {
  const source = readFileSync(new URL('../web/src/app/router.tsx', import.meta.url), 'utf8')
  return [...source.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path).filter((path) => path !== '/')
}

const button = (name) => ({ opens: (page, t) => page.getByRole('button', { name: t(name), exact: true }).first().click(), name })
const desk = (opening) => ({ ...opening, device: 'desk' })
const dialog = (name, ...more) => ({ ...button(name), shows: '[role=dialog], dialog[open]', ...more[0] })

const palette = { name: 'palette', shows: 'dialog [role=option]', opens: async (page) => {
  await page.locator('#content').focus()
  await page.keyboard.press('Control+k')
} }
const found = { name: 'palette, found', shows: 'dialog [role=option] b, dialog [role=option] mark', opens: async (page) => {
  await palette.opens(page)
  await page.getByRole('dialog').getByRole('combobox').fill('苏州')
} }
const userMenu = desk({ name: 'user menu', shows: '[role=menu]', opens: (page, t) => page.getByRole('button', { name: t('app.account') }).click() })
const moreMenu = { ...button('app.more'), shows: '[role=menu]', device: 'phone' }
const chosen = async (page) => page.locator('main [role=row] input[type=checkbox]').nth(1).check()
const bulk = (name) => desk({ name: `bulk: ${name}`, shows: '[role=dialog]', opens: async (page, t) => {
  await chosen(page)
  await page.getByRole('group', { name: t('leads.bulk') }).getByRole('button', { name: t(name) }).click()
} })
const drawer = (name) => ({ name, shows: '[role=dialog]', opens: async (page, t) => {
  await page.getByRole('button', { name: t('setup.moreActions') }).click()
  await page.getByRole('menuitem', { name: t(name) }).click()
} })
const why = (name) => ({ name, shows: '[role=dialog] table', opens: (page, t) => page.getByRole('button', { name: new RegExp(`^${t(name)}`) }).click() })

const listTools = [
  { ...button('leads.filter'), shows: 'main [role=radiogroup], [role=dialog] select' },
  dialog('leads.sort'),
  dialog('leads.group'),
  desk(dialog('leads.columns')),
  desk(dialog('leads.keys.title')),
  { ...button('leads.view.more'), shows: '[role=menu]' },
  { ...button('leads.export'), shows: '[role=menu]' },
  bulk('leads.assign'),
  bulk('leads.edit'),
  bulk('leads.delete'),
]

/** The screens of a demo company with what `prepare` has made. */
export function screens({ lead, project, company, form = 'expo' }, language = 'zh-CN') {
  return [
    { route: '/login', path: '/login', whole: 'h2' },
    { route: '/set-password', path: '/set-password#token=none', whole: 'input' },
    { path: '/sandbox/', whole: '.phone' },
    { path: `/f/${form}`, whole: 'button' },
    { path: `/help/${language}/lists`, whole: 'h1' },
    { path: `/help/${language}/first-day-sales`, whole: 'h1' },
    { role: 'sales', route: '/home', path: '/home', whole: 'main li h2, main section', openings: [palette, found, userMenu, moreMenu] },
    { role: 'service', path: '/home', whole: 'main section' },
    { role: 'marketing', path: '/home', whole: 'main section' },
    { role: 'admin', path: '/home', whole: 'main section' },
    { role: 'manager', path: '/home', whole: 'main section table' },
    { role: 'manager', route: '/leads', path: '/leads?view=lead.all', whole: 'main [data-record], main ul a', openings: listTools },
    { role: 'manager', path: '/leads?view=lead.all&group=status', whole: 'main [data-group], main [aria-expanded=false]' },
    { role: 'manager', route: '/o/$object', path: '/o/company', whole: 'main [data-record], main ul a' },
    { role: 'manager', path: '/o/project?layout=board', whole: 'main section li' },
    { role: 'manager', route: '/leads/$id', path: `/leads/${lead}`, whole: 'main [data-kind]', openings: [why('records.why.ownerTitle'), why('records.why.scoreTitle')] },
    { role: 'manager', route: '/o/$object/$id', path: `/o/project/${project}`, whole: 'main [data-kind]' },
    { role: 'manager', path: `/o/company/${company}`, whole: 'main [data-kind]', openings: [dialog('merge.compare')] },
    { role: 'manager', route: '/leads/new', path: '/leads/new', whole: 'main form input' },
    { role: 'manager', route: '/o/$object/new', path: '/o/project/new', whole: 'main form input' },
    { role: 'manager', route: '/dash/lead-health', path: '/dash/lead-health', whole: 'main table, main svg' },
    { role: 'manager', route: '/dash/follow-up', path: '/dash/follow-up', whole: 'main table, main svg' },
    { role: 'manager', route: '/dash/lead-to-cash', path: '/dash/lead-to-cash', whole: 'main section' },
    { role: 'manager', route: '/inbox', path: '/inbox', whole: 'main ul time' },
    { role: 'manager', route: '/tasks', path: '/tasks?person=all', whole: 'main li time' },
    { role: 'manager', route: '/calendar', path: '/calendar?person=all', whole: 'main li time' },
    { role: 'manager', path: '/calendar?person=all&view=week', whole: 'main li time' },
    { role: 'manager', route: '/search', path: '/search?q=%E8%8B%8F%E5%B7%9E', whole: 'main li' },
    { role: 'manager', route: '/operations', path: '/operations', whole: 'main h1' },
    { role: 'sales', route: '/me', path: '/me', whole: 'main li', openings: [{ ...button('me.factorSetUp'), shows: 'main img' }] },
    { role: 'admin', route: '/channels', path: '/channels', whole: 'main tbody tr' },
    { role: 'admin', route: '/channels/$name', path: '/channels/douyin', whole: 'main tbody tr', openings: [{ name: 'delivery', shows: '[role=dialog]', opens: (page) => page.locator('main tbody button').first().click() }] },
    { role: 'admin', path: '/channels/expo', whole: 'main img' },
    { role: 'admin', route: '/people', path: '/people', whole: 'main tbody tr', openings: [dialog('people.newUser'), { name: 'user', shows: '[role=dialog]', opens: (page) => page.locator('main tbody button').first().click() }] },
    { role: 'admin', route: '/security', path: '/security', whole: 'main form' },
    { role: 'admin', route: '/audit', path: '/audit', whole: 'main li' },
    { role: 'admin', route: '/health', path: '/health', whole: 'main h2' },
    { role: 'admin', route: '/setup', path: '/setup', whole: 'main li a' },
    { role: 'admin', route: '/setup/changes', path: '/setup/changes', whole: 'main h1' },
    { role: 'admin', route: '/setup/versions', path: '/setup/versions', whole: 'main li' },
    { role: 'admin', route: '/setup/$kind', path: '/setup/channel', whole: 'main li a' },
    {
      role: 'admin',
      route: '/setup/$kind/$name',
      path: '/setup/clock/claim',
      whole: 'main input',
      openings: [{ ...button('setup.publish'), shows: '[role=dialog]' }, drawer('setup.drawer.versions'), drawer('setup.drawer.used'), drawer('setup.drawer.yaml'), drawer('setup.remove')],
    },
    { role: 'admin', path: '/setup/object/lead', whole: 'main [aria-keyshortcuts]' },
    { role: 'admin', path: '/setup/routing-table/lead', whole: 'main [aria-keyshortcuts]' },
    { role: 'admin', path: '/setup/role/sales', whole: 'main table, main [role=group]' },
    { role: 'admin', path: '/setup/channel/douyin', whole: 'main [aria-keyshortcuts]' },
    { role: 'admin', path: `/setup/form/${form}`, whole: 'main img' },
    { role: 'admin', route: '$', path: '/nowhere', whole: 'main a' },
  ]
}

/** Makes what the screens show and the demo lacks; answers with it and how to take it back. */
export async function prepare() {
  const manager = await signIn('manager')
  const admin = await signIn('admin')
  const first = async (object) => (await manager.get(`/records/${object}?limit=1&sort=-created_at`)).body.items[0].id
  const name = '全屏检查精密机械有限公司'
  const made = []
  for (const city of ['苏州', '无锡']) made.push((await manager.post('/records/company', { name, city })).body.id)
  const { id: draft } = (await admin.post('/config/drafts', { label: '全屏检查' })).body
  const { body: clock } = await admin.get('/config/clock/claim')
  const { status, body } = await admin.put(`/config/clock/claim?draft=${draft}`, { ...clock, target: { ...clock.target, minutes: 45 } })
  if (status >= 400) throw new Error(`draft: ${status} ${JSON.stringify(body)}`)
  const undo = async () => {
    await admin.remove(`/config/drafts/${draft}`)
    for (const id of made) await manager.remove(`/records/company/${id}`)
  }
  return { lead: await first('lead'), project: await first('project'), company: made[0], undo }
}
