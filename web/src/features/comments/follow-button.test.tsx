// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { show } from '@/testing/show'
import { FollowButton } from './follow-button'

const of = '/records/project/p-1/follow'
const button = (heard: object, more = {}) => show(<FollowButton object="project" id="p-1" />, { routes: { [`GET ${of}`]: heard, ...more } })

test('who hears nothing follows, and stops again', async () => {
  const { user } = await button({ following: false }, { [`PUT ${of}`]: { following: true }, [`DELETE ${of}`]: { following: false } })
  await user.click(await screen.findByRole('button', { name: 'Follow' }))
  const unfollow = await screen.findByRole('button', { name: 'Unfollow' })
  expect(unfollow.getAttribute('aria-pressed')).toBe('true')
  await user.click(unfollow)
  await screen.findByRole('button', { name: 'Follow' })
})

test('the owner reads why he follows, until he switches it off', async () => {
  const { edge, user } = await button({ following: true, because: 'owner' }, { [`DELETE ${of}`]: { following: false } })
  expect(await screen.findByText('You follow it as its owner')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Unfollow' }))
  await waitFor(() => expect(screen.queryByText('You follow it as its owner')).toBeNull())
  expect(edge.asked(`DELETE ${of}`)).toHaveLength(1)
})

test('whom a role tells of some fields reads which, may follow all, or hear nothing', async () => {
  const { edge, user } = await button({ following: false, because: 'role', fields: ['Stage', 'Amount'] }, { [`DELETE ${of}`]: { following: false } })
  expect(await screen.findByText('Your role hears of Stage and Amount')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Follow' })).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Hear of it no longer' }))
  await waitFor(() => expect(screen.queryByText(/Your role hears/)).toBeNull())
  expect(edge.asked(`DELETE ${of}`)).toHaveLength(1)
  expect(edge.asked(`PUT ${of}`)).toHaveLength(0)
})
