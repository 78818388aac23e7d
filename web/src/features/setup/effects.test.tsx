// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { later, refusal } from '@/testing/edge'
import { show } from '@/testing/show'
import { Effects } from './effects'

const of = 'POST /config/drafts/d-1/effects'
const dialog = (answer: unknown) => show(<Effects draft="d-1" />, { routes: { [of]: answer } })

test('what is counted stands with the way to it', async () => {
  await dialog({
    items: [
      { kind: 'object', name: 'lead', text: '3 leads keep it', count: 3, object: 'lead', filter: 'source = "Douyin"' },
      { kind: 'clock', name: 'claim', text: '2 clocks run', count: 2, object: 'lead', sample: [{ id: 'l-1', label: 'Borui' }, { id: 'l-2' }] },
      { kind: 'object', name: 'lead', text: '0 leads have it', count: 0, object: 'lead', filter: 'x = 1' },
    ],
  })
  const list = await screen.findByRole<HTMLAnchorElement>('link', { name: 'See these records' })
  expect(decodeURIComponent(list.href).replaceAll('+', ' ')).toContain('/o/lead?filter=source = "Douyin"')
  expect(screen.getByRole<HTMLAnchorElement>('link', { name: 'Borui' }).href).toContain('/o/lead/l-1')
  expect(screen.getByRole<HTMLAnchorElement>('link', { name: 'l-2' }).href).toContain('/o/lead/l-2')
  expect(screen.getByText(/0 leads have it/)).toBeDefined()
  expect(screen.getAllByRole('link')).toHaveLength(3)
})

test('while it counts it says so, and says nothing where nothing is touched', async () => {
  const answer = later<unknown>()
  await dialog(answer.answer)
  expect(await screen.findByText(/Counting/)).toBeDefined()
  answer.give({ items: [] })
  await waitFor(() => expect(screen.queryByText(/Counting/)).toBeNull())
  expect(screen.queryByText('What it touches')).toBeNull()
})

test('what could not be counted is told with its reason', async () => {
  await dialog(refusal(503, 'busy', 'Not now'))
  expect(await screen.findByText(/could not be counted: Not now/)).toBeDefined()
})
