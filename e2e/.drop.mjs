import { signIn } from './api.js'
const admin = await signIn('admin')
for (const d of (await admin.get('/config/drafts')).body.items) console.log((await admin.remove(`/config/drafts/${d.id}`)).status)
