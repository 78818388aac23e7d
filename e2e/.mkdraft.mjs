import { signIn } from './api.js'
const admin = await signIn('admin')
const { body: lead } = await admin.get('/config/object/lead')
const s = lead.fields.find((f) => f.name === 'source')
s.choices.find((c) => c.name === '抖音').retired = true
const { body: d } = await admin.post('/config/drafts', { label: 'x' })
await admin.put(`/config/object/lead?draft=${d.id}`, lead)
const { body: rt } = await admin.get('/config/routing-table/lead')
rt.rows.unshift({ label: { 'zh-CN': '全部给管理员', en: 'All' }, when: '来源=抖音', then: { person: 'admin@demo.example' } })
console.log((await admin.put(`/config/routing-table/lead?draft=${d.id}`, rt)).status)
const { body: cl } = await admin.get('/config/clock/claim')
cl.label = { 'zh-CN': '领取', en: 'Claim' }
console.log((await admin.put(`/config/clock/claim?draft=${d.id}`, cl)).status)
