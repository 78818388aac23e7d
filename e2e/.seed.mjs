import { signIn } from './api.js'
const m = await signIn('manager'); const s = await signIn('sales'); const a = await signIn('admin')
const { body } = await m.post('/records/lead', { company: '无锡截图装备有限公司', owner: m.user.id })
await m.post(`/records/lead/${body.id}/comments`, { text: '客户要三台六轴，报价 88 万', mentions: [] })
const t = (await m.get(`/records/lead/${body.id}/thread`)).body.items[0]
await m.patch(`/records/lead/${body.id}/comments/${t.id}`, { text: '客户要三台六轴，报价 86 万', mentions: [] })
console.log(body.id)
