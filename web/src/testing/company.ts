import type { CatalogObject, Field } from '@/api/catalog'
import type { Session } from '@/api/session'

/** The company of the tests, as its server tells of it. */

/** Monday, 23 November 2026, 10:00 in Shanghai. */
export const monday = '2026-11-23T02:00:00Z'

export const zone = 'Asia/Shanghai'

type Told = Omit<Session, 'at'>

/** Somebody's session; by default a sales person without any special right. */
export const sessionOf = (more: Partial<Omit<Told, 'user' | 'company'>> & { user?: Partial<Told['user']>; company?: Partial<Told['company']> } = {}): Told => ({
  csrf: 'csrf-1',
  can: [],
  now: monday,
  ...more,
  user: { id: 'u-lin', name: 'Lin', email: 'lin@example.com', language: 'en', zone, roles: [{ name: 'sales', label: 'Sales' }], department: { id: 'd-east', label: 'East' }, home: 'sales', ...more.user },
  company: { name: 'Acme Pumps', zone, demo: false, ...more.company },
})

export const field = (name: string, type = 'text', more: Partial<Field> = {}): Field => ({ name, label: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' '), type, required: false, read_only: false, ...more })

const statuses = [
  { name: 'new', label: 'New' },
  { name: 'talking', label: 'Talking' },
  { name: 'won', label: 'Won', closes: true },
  { name: 'lost', label: 'Lost', closes: true },
]

/** The lead of the tests: a field of most types, with rights to read and write. */
export const leadObject = (more: Partial<CatalogObject> = {}): CatalogObject => ({
  name: 'lead',
  label: 'Lead',
  plural: 'Leads',
  title_field: 'company',
  owner_field: 'owner',
  can: { create: true, read: true, update: true, delete: true, assign: true },
  fields: [
    field('company', 'text', { required: true, indexed: true }),
    field('contact'),
    field('phone', 'phone', { indexed: true }),
    field('status', 'choice', { choices: statuses, indexed: true }),
    field('source', 'choice', { choices: [{ name: 'dy', label: 'Douyin' }, { name: 'web', label: 'Website' }] }),
    field('budget', 'currency', { currency: 'CNY', scale: 2 }),
    field('score', 'number', { indexed: true, read_only: true }),
    field('tags', 'tags'),
    field('vip', 'boolean', { label: 'Key account' }),
    field('visit', 'date'),
    field('next_action', 'choice', { choices: [{ name: 'call', label: 'Call' }, { name: 'demo', label: 'Show the machine' }] }),
    field('next_due', 'datetime', { label: 'Due' }),
    field('lost_reason', 'choice', { label: 'Why lost', choices: [{ name: 'price', label: 'Price' }, { name: 'late', label: 'Too late' }], required_when: { field: 'status', choices: ['lost'] } }),
    field('owner', 'person'),
    field('message', 'long_text'),
  ],
  follow_up: {
    actions: [{ name: 'call', label: 'Call' }, { name: 'demo', label: 'Show the machine' }],
    outcomes: [{ name: 'lost', label: 'Lost', closes: true, sets: 'lost' }, { name: 'won', label: 'Won', closes: true, sets: 'won' }, { name: 'interested', label: 'Interested', sets: 'talking' }],
    status_field: 'status',
    next_action_field: 'next_action',
    next_due_field: 'next_due',
    default_days: 3,
  },
  views: [{ name: 'all', label: 'All leads', filter: '', sort: '-created_at', columns: ['company', 'contact', 'status', 'budget', 'owner'] }],
  forms: [{ name: 'quick', label: 'Quick', fields: [{ name: 'company', required: true }, { name: 'contact' }, { name: 'phone', required: true }] }],
  page: { sections: [{ label: 'Customer', fields: ['company', 'contact', 'phone'] }, { label: 'Need', fields: ['budget', 'source', 'message'] }] },
  ...more,
})

/** A lead as the records API gives it. */
export const lead = (id: string, company: string, more: Record<string, unknown> = {}) => ({
  id,
  company,
  contact: 'Ms Wang',
  phone: '+8613800138000',
  status: 'new',
  source: 'dy',
  budget: { amount: '120000.00', currency: 'CNY' },
  score: 3,
  tags: [],
  vip: false,
  visit: null,
  next_action: null,
  next_due: null,
  lost_reason: null,
  owner: { id: 'u-lin', label: 'Lin' },
  message: null,
  created_at: '2026-11-20T01:00:00Z',
  updated_at: '2026-11-20T01:00:00Z',
  ...more,
})
