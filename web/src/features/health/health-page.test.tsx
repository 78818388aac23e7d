// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { sessionOf } from '@/testing/company'
import { refusal } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { HealthPage } from './health-page'
import type { Health, Warning } from './types'

const warning = (code: string, text: string, more: Partial<Warning> = {}): Warning => ({ code, state: 'warn', text, advice: '', ...more })
const facts: Health['facts'] = [
  { code: 'version', kind: 'text', value: '1.2.0' },
  { code: 'disk_free', kind: 'bytes', value: 5 * 1024 ** 3 },
  { code: 'jobs_waiting', kind: 'count', value: 12345 },
]
const page = (items: Warning[], can: string[] = ['health.read']) => show(<HealthPage />, { at: '/health', routes: { 'GET /session': sessionOf({ can }), 'GET /health/status': { items, facts } } })

describe('the health page', () => {
  test('says that all is well', async () => {
    await page([])
    expect(await screen.findByText('All is well: nothing needs your attention')).toBeDefined()
  })

  test('puts the worst first, each with its advice', async () => {
    await page([warning('backup_old', 'The backup is 3 days old', { advice: 'Look at the disk' }), warning('disk_low', 'The disk is almost full', { state: 'bad' })])
    const rows = within(await screen.findByRole('list', { name: 'What needs your attention' })).getAllByRole('listitem')
    expect(rows.map((row) => row.querySelector('p')?.textContent)).toEqual(['The disk is almost full', 'The backup is 3 days old'])
    expect(within(rows[0]).getByRole('img', { name: 'Urgent' })).toBeDefined()
    expect(within(rows[1]).getByRole('img', { name: 'Notice' })).toBeDefined()
    expect(within(rows[1]).getByText('Look at the disk')).toBeDefined()
  })

  test('leads to what mends it, for those who may go there', async () => {
    const scene = await page([warning('failed_deliveries', '3 deliveries failed')], ['health.read', 'deliveries.read'])
    await scene.user.click(await screen.findByRole('link', { name: 'Open channels' }))
    await arrivedAt(scene, '/channels')
  })

  test('leads others nowhere', async () => {
    await page([warning('failed_deliveries', '3 deliveries failed')])
    await screen.findByText('3 deliveries failed')
    expect(screen.queryByRole('link', { name: 'Open channels' })).toBeNull()
  })

  test('shows a warning that this page does not know yet', async () => {
    await page([warning('of_the_future', 'Something new is wrong')])
    expect(await screen.findByText('Something new is wrong')).toBeDefined()
  })

  test('tells the figures as people read them', async () => {
    await page([])
    const list = (await screen.findByRole('heading', { name: 'The system' })).closest('section') as HTMLElement
    expect([...list.querySelectorAll('dl > div')].map((one) => one.textContent)).toEqual(['Program1.2.0', 'Free on the disk5 GB', 'Background jobs waiting12,345'])
  })

  test('that cannot be read says why, and can be tried again', async () => {
    const { edge, user } = await show(<HealthPage />, { routes: { 'GET /health/status': refusal(503, 'busy', 'Being restored') } })
    expect(await screen.findByText('Being restored')).toBeDefined()
    edge.answer('GET /health/status', { items: [], facts })
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText(/All is well/)).toBeDefined()
  })
})
