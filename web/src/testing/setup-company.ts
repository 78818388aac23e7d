import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Asked, Routes } from './edge'

/** The configuration of the company of the tests: the program's own schemas, and a few documents. */

const folder = join(import.meta.dirname, '../../../internal/config/schemas')
const schema = (kind: string): unknown => JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8'))

const both = (zh: string, en: string) => ({ 'zh-CN': zh, en })

/** The lead's document, as its editor reads it. */
export const leadDocument = {
  id: 'crm.lead',
  name: 'lead',
  label: both('Xiansuo', 'Lead'),
  fields: [
    { id: 'f1', name: 'company', label: both('Gongsi', 'Company'), type: 'text' },
    { id: 'f2', name: 'status', label: both('Zhuangtai', 'Status'), type: 'choice', choices: [{ id: 'c1', name: 'xin', label: both('xin', 'New') }, { id: 'c2', name: 'chengjiao', label: both('chengjiao', 'Won') }] },
    { id: 'f3', name: 'region', label: both('Diqu', 'Region'), type: 'choice', choices: [{ id: 'c3', name: 'huadong', label: both('huadong', 'East China') }, { id: 'c4', name: 'huanan', label: both('huanan', 'South China') }] },
    { id: 'f4', name: 'phone', label: both('Dianhua', 'Phone'), type: 'phone' },
    { id: 'f5', name: 'visit_on', label: both('Baifang', 'Visit on'), type: 'date' },
    { id: 'f6', name: 'tags', label: both('Biaoqian', 'Tags'), type: 'tags' },
    { id: 'f7', name: 'vip', label: both('Zhongdian', 'Key account'), type: 'boolean' },
  ],
}

/** The clock of the tests: thirty working minutes to claim a lead. */
export const claimClock = {
  id: 'crm.clock.claim',
  name: 'claim',
  label: both('Lingqu', 'Claim window'),
  object: 'lead',
  target: { minutes: 30, calendar: 'working' },
  start: { on: ['assigned'] },
  satisfied: { on: ['claimed'] },
  breach: [
    { id: 'b1', label: both('Weilingqu', 'Not claimed'), tell: ['leader', 'robot:east'] },
    { id: 'b2', label: both('Shengji', 'Escalated'), tell: ['role:manager'] },
  ],
}

const listed = (name: string, label: string, more: Record<string, unknown> = {}) => ({ name, id: name, label, version: 1, ...more })

export const setupKinds = [
  { kind: 'object', label: 'Object', items: [listed('lead', 'Lead', { labels: both('Xiansuo', 'Lead'), items: ['Company', 'Status', 'Region'] }), listed('task', 'Task')] },
  { kind: 'clock', label: 'Clock', items: [listed('claim', 'Claim window', { object: 'lead' }), listed('silence', '72 hours of silence', { object: 'lead' })] },
  { kind: 'pool', label: 'Pool', items: [listed('east', 'East team'), listed('south', 'South team')] },
  { kind: 'role', label: 'Role', items: [listed('sales', 'Sales'), listed('manager', 'Manager')] },
  { kind: 'robot', label: 'Group robot', items: [listed('east', 'East group')] },
  { kind: 'routing-table', label: 'Routing table', items: [listed('lead', 'Lead routing', { object: 'lead' })] },
]

/** Somebody's open draft. */
export const draftOf = (more: Record<string, unknown> = {}) => ({ id: 'd-1', label: '', base: 4, at: '2026-11-23T01:00:00Z', by: { id: 'u-lin', label: 'Lin' }, documents: [], ...more })

const schemas = Object.fromEntries(['common', 'object', 'clock', 'pool', 'role', 'robot', 'routing-table', 'view', 'channel', 'calendar', 'scorecard', 'form'].map((kind) => [`GET /config/schemas/${kind}`, () => schema(kind)]))

const echoed = ({ body }: Asked) => body

/** What a server answers of the configuration; each test lays its own routes over. */
export const setupRoutes: Routes = {
  ...schemas,
  'GET /config/drafts': { items: [] },
  'GET /config': { items: setupKinds },
  'GET /config/object/lead': leadDocument,
  'GET /config/clock/claim': claimClock,
  'POST /config/check': { errors: [], others: [], changes: [] },
  'POST /config/drafts': draftOf(),
  'PUT /config/:kind/:name': echoed,
  'GET /records/lead': { items: [] },
  'GET /users': { items: [{ id: 'u-lin', name: 'Lin', email: 'lin@example.com' }, { id: 'u-chen', name: 'Chen', email: 'chen@example.com' }] },
  'GET /departments': { items: [{ id: 'd-east', name: 'East' }] },
}
