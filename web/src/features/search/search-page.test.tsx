// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { SearchHit } from '@/api/search'
import { refusal, type Asked, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { SearchPage } from './search-page'

const hit = (id: string, text: string, more: Partial<SearchHit> = {}): SearchHit => ({ object: 'lead', id, title: { text, spans: [[0, 2]] }, details: [{ field: 'phone', label: 'Phone', text: '+8613800138000', spans: [] }], owner: { id: 'u-lin', label: 'Lin' }, ...more })
const leads = { object: 'lead', label: 'Leads', items: [hit('1', '苏州博瑞')], next_cursor: null }
const companies = { object: 'company', label: 'Companies', items: [hit('9', '苏州恒泰', { object: 'company' })], next_cursor: null }

const page = (at: string, answer: unknown = { groups: [leads, companies] }, routes: Routes = {}) => show(<SearchPage />, { at, path: '/search', routes: { 'GET /search': answer, ...routes } })
const byObject = ({ query }: Asked) => ({ groups: query.objects ? [leads, companies].filter(({ object }) => object === query.objects) : [leads, companies] })

describe('the search page', () => {
  test('without words says what to type, and asks nobody', async () => {
    const { edge } = await page('/search')
    expect(await screen.findByText('Type a part of a company, a person or a phone number')).toBeDefined()
    expect(edge.asked('GET /search')).toHaveLength(0)
  })

  test('shows hits with what was looked for marked, and whose they are', async () => {
    await page(`/search?q=${encodeURIComponent('苏州')}`, byObject)
    const link = await screen.findByRole('link', { name: /博瑞/ })
    expect(link.getAttribute('href')).toBe('/o/lead/1')
    expect(link.querySelector('mark, b')?.textContent).toBe('苏州')
    expect(link.textContent).toContain('Phone')
    expect(link.textContent).toContain('Lin')
  })

  test('has a tab for each kind; the address keeps which', async () => {
    const scene = await page(`/search?q=${encodeURIComponent('苏州')}`, byObject)
    await scene.user.click(await screen.findByRole('link', { name: 'Companies' }))
    await arrivedAt(scene, /object=company/)
    expect((await screen.findByRole('link', { name: /恒泰/ })).getAttribute('href')).toBe('/o/company/9')
    expect(screen.getByRole('link', { name: 'Companies' }).getAttribute('aria-current')).toBe('page')
  })

  test('looks for other words on Enter', async () => {
    const scene = await page('/search?q=old', byObject)
    const box = await screen.findByRole('searchbox', { name: 'Search words' })
    expect((box as HTMLInputElement).value).toBe('old')
    await scene.user.clear(box)
    await scene.user.type(box, '  szbr {Enter}')
    await arrivedAt(scene, '/search?q=szbr')
    await waitFor(() => expect(scene.edge.last('GET /search').query.q).toBe('szbr'))
  })

  test('that finds nothing names the words and what else to try', async () => {
    await page('/search?q=nobody', { groups: [] })
    expect(await screen.findByText(/Nothing holds “nobody”\. Try the first letters/)).toBeDefined()
  })

  test('calls a record without a title so', async () => {
    await page('/search?q=1380', { groups: [{ ...leads, items: [hit('1', '', { title: { text: '', spans: [] } })] }] })
    expect(await screen.findByText('(untitled)')).toBeDefined()
  })

  test('goes on to more of one kind', async () => {
    const { user } = await page('/search?q=a', ({ query }: Asked) => ({ groups: [{ ...leads, items: [hit(query.cursor ? '2' : '1', query.cursor ? 'Later' : 'First')], next_cursor: query.cursor ? null : 'c' }] }))
    await screen.findByText(/rst/)
    await user.click(await screen.findByRole('button', { name: 'More' }))
    expect(await screen.findByText(/ter$/)).toBeDefined()
    await waitFor(() => expect(screen.queryByRole('button', { name: 'More' })).toBeNull())
  })

  test('says why it could not look', async () => {
    await page('/search?q=a', ({ query }: Asked) => (query.objects ? refusal(503, 'busy', 'The index is being made')() : { groups: [leads] }))
    expect(await screen.findByText('The index is being made')).toBeDefined()
  })
})
