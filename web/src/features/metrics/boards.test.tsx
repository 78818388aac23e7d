// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Language } from '@/i18n/setup'
import { field, leadObject } from '@/testing/company'
import { refusal, type Routes } from '@/testing/edge'
import { show } from '@/testing/show'
import { CyclePage } from './cycle-page'
import type { Cycle } from './cycle-types'
import { FollowUpPage } from './follow-up-page'
import { LeadHealthPage } from './lead-health-page'
import type { FollowUpHealth, LeadHealth } from './types'

const channel = (name: string, label: string, leads: number, more = {}) => ({ channel: name, label, leads, touched: leads, within_24h: leads, within_30m: 0, median_minutes: '45.5', filter: `source = "${name}"`, ...more })
const day = (date: string, name: string, leads: number) => ({ day: date, channel: name, leads, filter: `created_at = "${date}" AND source = "${name}"` })

const health = (more: Partial<LeadHealth> = {}): LeadHealth => ({
  now: '2026-11-23T02:00:00Z',
  range: { from: '2026-10-25', to: '2026-11-23' },
  totals: { leads: 1200, touched: 900, untouched: 300, within_24h: 800, within_30m: 400, median_minutes: '150', unassigned: 3, overdue: 0 },
  by_channel: [channel('dy', 'Douyin', 1000), channel('', '', 200, { median_minutes: null })],
  by_person: [
    { user: { id: 'u-lin', label: 'Lin' }, overdue: 1, open: 9, filter: 'owner = "u-lin"' },
    { user: { id: 'u-chen', label: 'Chen' }, overdue: 4, open: 5, filter: 'owner = "u-chen"' },
    { user: { id: 'u-wang', label: 'Wang' }, overdue: 0, open: 7, filter: 'owner = "u-wang"' },
  ],
  by_day: [day('2026-11-20', 'dy', 6), day('2026-11-22', 'dy', 2), day('2026-11-22', '', 1)],
  filters: { leads: 'created_at >= "2026-10-25"', untouched: 'ISBLANK(first_touch)', unassigned: 'ISBLANK(owner)' },
  ...more,
})
const leadHealth = (answer: unknown = health(), language?: Language) => show(<LeadHealthPage />, { language, routes: { 'GET /dashboards/lead-health': answer } })

const part = (name: string) => within(screen.getByRole('region', { name }))
const filterOf = (link: HTMLElement) => new URLSearchParams(link.getAttribute('href')?.split('?')[1]).get('filter')
const linkTo = (words: RegExp) => screen.getAllByRole('link').find((one) => words.test(one.textContent ?? ''))

describe('lead health', () => {
  test('tells counts with separators, shares of the whole, and times in the unit that people would say', async () => {
    await leadHealth()
    const tiles = (await screen.findByText('1,200')).closest('div')?.parentElement as HTMLElement
    const text = tiles.textContent ?? ''
    expect(text).toContain('1,200')
    expect(text).toContain('33 %400 of 1200')
    expect(text).toContain('67 %800 of 1200')
    expect(text).toContain('2.5 h900 touched, 300 not')
  })

  test('each number that can be opened leads to the very records that it counts', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    expect(filterOf(linkTo(/^Unassigned/) as HTMLElement)).toBe('ISBLANK(owner)')
    expect(filterOf(linkTo(/^Untouched/) as HTMLElement)).toBe('ISBLANK(first_touch)')
    // Without a filter there is nothing to open.
    expect(linkTo(/^Overdue/)).toBeUndefined()
  })

  test('alarms only where somebody waits', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    expect([...document.querySelectorAll('[data-alarm]')].map((one) => one.textContent)).toEqual(['3'])
  })

  test('of nothing has no shares', async () => {
    const totals = { leads: 0, touched: 0, untouched: 0, within_24h: 0, within_30m: 0, median_minutes: null, unassigned: 0, overdue: 0 }
    await leadHealth(health({ totals, by_channel: [], by_day: [], by_person: [] }))
    expect(await screen.findByText(/No new leads in this time/)).toBeDefined()
    expect(screen.getAllByText('–')).toHaveLength(3)
    expect(screen.getByText('Nobody is overdue')).toBeDefined()
    expect(document.body.textContent).not.toContain('NaN')
  })

  test('by person names those who are late alone, the latest first, each a way to the records', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    const late = part('Overdue by person').getAllByRole('link')
    expect(late.map((one) => one.textContent)).toEqual(['Chen4 overdue of 5 open', 'Lin1 overdue of 9 open'])
    expect(filterOf(late[0])).toBe('owner = "u-chen"')
  })

  test('names a lead without a source', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    const rows = part('First touch by channel').getAllByRole('row').slice(1)
    expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual(['Douyin', 'No source'])
    expect(rows[0].textContent).toContain('46 min')
    expect(rows[1].textContent).toContain('–')
  })

  test('is asked for another time, and for one channel', async () => {
    const { edge, user } = await leadHealth()
    await screen.findByText('1,200')
    const from = screen.getByRole<HTMLInputElement>('textbox', { name: 'From' })
    expect(from.value).toBe('10/25/2026')
    await user.clear(from)
    await user.type(from, '11/01/2026{Enter}')
    await waitFor(() => expect(edge.last('GET /dashboards/lead-health').query.from).toBe('2026-11-01'))
    await user.selectOptions(screen.getByRole('combobox', { name: 'Channel' }), 'Website')
    await waitFor(() => expect(edge.last('GET /dashboards/lead-health').query).toEqual({ from: '2026-11-01', channel: 'web' }))
  })

  test('that cannot be read says why', async () => {
    await leadHealth(refusal(403, 'forbidden', 'That is not yours to see'))
    expect(await screen.findByText('That is not yours to see')).toBeDefined()
  })

  test('reads in Chinese', async () => {
    await leadHealth(health(), 'zh-CN')
    expect((await screen.findByText('1,200')).parentElement?.textContent).toMatch(/\p{Script=Han}/u)
    expect(document.body.textContent).not.toMatch(/[a-z]+\.[a-z]+/)
  })
})

describe('the days as bars', () => {
  const bars = () => [...document.querySelectorAll<SVGRectElement>('svg[viewBox] a rect')]

  test('keep days without a lead as gaps, and the scale ends on a round number', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    const ticks = [...document.querySelectorAll('svg[viewBox] text')].map((one) => one.textContent)
    expect(ticks).toEqual(['0', '2', '4', '6', '11/20', '11/21', '11/22'])
  })

  test('are as high as what they count, and stand on each other', async () => {
    await leadHealth()
    await screen.findByText('1,200')
    const [six, two, one] = bars()
    const [height, y] = [(bar: SVGRectElement) => Number(bar.getAttribute('height')), (bar: SVGRectElement) => Number(bar.getAttribute('y'))]
    expect(height(six)).toBeCloseTo(3 * (height(two) + 1) - 1)
    expect(y(one) + height(one) + 1).toBeCloseTo(y(two))
    expect(new Set([two, one].map((bar) => bar.getAttribute('data-series'))).size).toBe(2)
  })

  test('say what they are, and open it', async () => {
    await leadHealth()
    const link = await screen.findByRole('link', { name: '2026-11-22 No source: 1' })
    expect(filterOf(link)).toBe('created_at = "2026-11-22" AND source = ""')
  })

  test('can be read as a table, the newest day first', async () => {
    const { user } = await leadHealth()
    await screen.findByText('1,200')
    await user.click(part('Leads by channel and day').getByRole('button', { name: /View as table/ }))
    const rows = part('Leads by channel and day').getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))
    expect(rows).toEqual([['Day', 'Douyin', 'No source', 'Total'], ['2026-11-22', '2', '1', '3'], ['2026-11-21', '0', '0', '0'], ['2026-11-20', '6', '0', '6']])
    await user.click(part('Leads by channel and day').getByRole('button', { name: /View as chart/ }))
    expect(bars()).toHaveLength(3)
  })
})

const figures = (more = {}) => ({ follow_ups: 12, kept: 6, late: 2, waiting: 1, rate: 66.7, filters: { follow_ups: 'all', late: 'late', waiting: 'waits' }, ...more })
const followUp = (more: Partial<FollowUpHealth> = {}): FollowUpHealth => ({
  range: { from: '2026-10-25', to: '2026-11-23' },
  object: 'lead',
  list: 'interaction',
  totals: figures(),
  by_person: [{ ...figures(), user: { id: 'u-lin', label: 'Lin' } }, { ...figures({ follow_ups: 0, kept: 0, late: 0, waiting: 0, rate: null, filters: {} }), user: { id: 'u-wang', label: 'Wang' } }],
  by_action: [{ action: 'call', label: 'Call', count: 9, filter: 'action = "call"' }, { action: '', label: '', count: 3, filter: 'ISBLANK(action)' }],
  by_day: [{ day: '2026-11-20', done: 5, kept: 2, late: 1, filter: 'd20' }],
  overdue: [{ record: { id: 'l-1', company: 'Borui', owner: { id: 'u-lin', label: 'Lin' } }, overdue_minutes: 3000, last: { at: '', text: 'Lin called' } }, { record: { id: 'l-2', company: '' }, overdue_minutes: 30, last: null }],
  ...more,
})
const followUps = (answer: unknown = followUp()) => show(<FollowUpPage />, { routes: { 'GET /dashboards/lead/follow-up': answer } })

describe('follow-up health', () => {
  test('counts promises that were kept among those that fell due', async () => {
    await followUps()
    expect((await screen.findByText('66.7 %')).parentElement?.textContent).toContain('6 of 9')
    expect(linkTo(/^Follow-ups12/)?.getAttribute('href')).toContain('/o/interaction?')
    expect(linkTo(/^Due, not followed up1/)?.getAttribute('href')).toContain('/leads?')
  })

  test('by person opens what there is to open, and no empty list', async () => {
    await followUps()
    await screen.findByText('66.7 %')
    const [, lin, wang] = part('Follow-ups by person').getAllByRole('row')
    expect(within(lin).getAllByRole('link')).toHaveLength(3)
    expect(within(wang).queryAllByRole('link')).toHaveLength(0)
    expect(wang.textContent).toBe('Wang0–00')
  })

  test('tells the mix of actions, and that some had none', async () => {
    await followUps()
    await screen.findByText('66.7 %')
    expect(part('Mix of actions').getAllByRole('link').map((one) => one.textContent)).toEqual(['Call9 · 75 %', 'No action3 · 25 %'])
  })

  test('names those who waited longest, whose they are, and what was said last', async () => {
    await followUps()
    await screen.findByText('66.7 %')
    const waiting = part('The five longest overdue').getAllByRole('listitem').map((one) => one.textContent)
    expect(waiting).toEqual(['BoruiLin2 d overdueLin called', 'No nameUnassigned30 min overdue'])
  })

  test('stacks a day by how its follow-ups stood to the promise', async () => {
    await followUps()
    expect(await screen.findByRole('link', { name: '2026-11-20 On time: 2' })).toBeDefined()
    expect(screen.getByRole('link', { name: '2026-11-20 Followed up late: 1' })).toBeDefined()
    expect(screen.getByRole('link', { name: '2026-11-20 No promise before: 2' })).toBeDefined()
  })

  test('of nothing says so, part by part', async () => {
    await followUps(followUp({ totals: figures({ follow_ups: 0, kept: 0, late: 0, waiting: 0, rate: null }), by_person: [], by_action: [], by_day: [], overdue: [] }))
    expect(await screen.findAllByText('No follow-ups in this period.')).toHaveLength(2)
    expect(screen.getByText('Nobody is overdue')).toBeDefined()
    expect(screen.queryByRole('region', { name: 'Follow-ups by day' })).toBeNull()
  })
})

const cycle = (more: Partial<Cycle> = {}): Cycle => ({
  label: 'Lead to cash',
  object: 'lead',
  present: { from: '2026-08-01', to: '2026-11-23', records: 36, filter: 'now' },
  earlier: { from: '2026-04-08', to: '2026-07-31', records: 1, filter: 'before' },
  steps: [{ id: 'a', label: 'First touch', days: '1.1', earlier_days: '0.7', compression: '-57.1' }, { id: 'b', label: 'Signing', days: '18.5', earlier_days: '24.5', compression: '24.5' }, { id: 'c', label: 'Payment', days: '3' }],
  total: { days: '36.8', earlier_days: '40.4', compression: '8.9' },
  ...more,
})
const reason = { field: 'lost_reason', label: 'Why lost', total: 4, items: [{ choice: 'price', label: 'Price', count: 1, filter: 'p' }, { choice: 'late', label: 'Too late', count: 3, filter: 'l' }] }
const leadToCash = (answer: unknown = cycle(), routes: Routes = {}) =>
  show(<CyclePage />, { routes: { 'GET /catalog': { objects: [leadObject(), { ...leadObject(), name: 'task', label: 'Task', fields: [field('subject')] }] }, 'GET /cycles/lead-to-cash': answer, 'GET /reasons/lead': { items: [reason, { ...reason, field: 'won_reason', label: 'Why won', total: 0 }] }, ...routes } })

describe('lead to cash', () => {
  test('tells the days now and before, and by how much they became fewer', async () => {
    await leadToCash()
    expect((await screen.findByText('36.8 days')).parentElement?.textContent).toContain('36 leads with their first payment')
    expect(screen.getByText('40.4 days').parentElement?.textContent).toContain('1 lead with its first payment')
    expect(screen.getByText('8.9 %')).toBeDefined()
    expect(document.querySelector('[data-alarm]')).toBeNull()
  })

  test('says in words whether a step became longer or shorter, and nothing where it cannot be compared', async () => {
    await leadToCash()
    await screen.findByText('36.8 days')
    expect(part('Days by step').getAllByRole('listitem').map((one) => one.textContent)).toEqual(['First touch57.1 % longer1.1 days0.7 days before', 'Signing24.5 % shorter18.5 days24.5 days before', 'Payment3 days– days before'])
  })

  test('alarms when it all became longer', async () => {
    await leadToCash(cycle({ total: { days: '40', earlier_days: '30', compression: '-33.3' } }))
    expect((await screen.findByText('-33.3 %')).getAttribute('data-alarm')).toBe('true')
  })

  test('as a table has the sum below its steps', async () => {
    const { user } = await leadToCash()
    await user.click(await screen.findByRole('button', { name: /View as table/ }))
    const rows = part('Days by step').getAllByRole('row')
    expect(rows.at(-1)?.textContent).toBe('Total36.840.48.9 %')
    expect(rows.at(-2)?.textContent).toBe('Payment3––')
  })

  test('compares other periods; a day keeps the three others', async () => {
    const { edge, user } = await leadToCash()
    await screen.findByText('36.8 days')
    const from = screen.getByRole<HTMLInputElement>('textbox', { name: 'Compare from' })
    await user.clear(from)
    await user.type(from, '05/01/2026{Enter}')
    await waitFor(() => expect(edge.last('GET /cycles/lead-to-cash').query).toEqual({ from: '2026-08-01', to: '2026-11-23', earlier_from: '2026-05-01', earlier_to: '2026-07-31' }))
  })

  test('asks why only of objects that ask for reasons, and shows the most frequent first', async () => {
    const { edge } = await leadToCash()
    await waitFor(() => expect(part('Lead · Why lost').getAllByRole('link').map((one) => one.textContent)).toEqual(['Too late3', 'Price1']))
    expect(edge.last('GET /reasons/lead').query).toEqual({ from: '2026-08-01', to: '2026-11-23' })
    expect(screen.queryByRole('region', { name: 'Lead · Why won' })).toBeNull()
  })

  test('without any payment says what to do', async () => {
    const none = { from: '2026-08-01', to: '2026-11-23', records: 0, filter: '' }
    await leadToCash(cycle({ present: none, earlier: none }))
    expect(await screen.findByText(/No lead got its first payment/)).toBeDefined()
    expect(screen.queryByText(/– days/)).toBeNull()
  })
})
