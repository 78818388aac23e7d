// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { Language } from '@/i18n/setup'
import { leadObject, monday, zone } from '@/testing/company'
import { later, noAnswer, refusal, type Routes } from '@/testing/edge'
import { arrivedAt, show } from '@/testing/show'
import { quickPicks } from './due'
import { FollowUpCard } from './follow-up-card'
import { NextLead } from './next-lead'
import { rulesOf } from './rules'

const rules = rulesOf(leadObject())
const path = '/records/lead/l-1/follow-up'

interface Card {
  routes?: Routes
  language?: Language
  now?: string
  zone?: string
  id?: string
}

const card = async ({ routes = {}, language = 'en', now = monday, zone: where = zone, id = 'l-1' }: Card = {}) => {
  if (!rules) throw new Error('no rules')
  return show(<FollowUpCard object="lead" id={id} rules={rules} now={new Date(now)} zone={where} formID="follow-up" />, { language, routes: { [`POST ${path}`]: {}, ...routes } })
}

const group = (name: string | RegExp) => within(screen.getByRole('radiogroup', { name }))
const done = (name: string) => group('What was done').getByRole('radio', { name })
const next = (name: string) => group('Next action').getByRole('radio', { name })
const save = () => screen.getByRole('button', { name: /^Save/ })
const alarm = () => document.querySelector<HTMLElement>('#follow-up-faults')
const faults = () => [...(alarm()?.querySelectorAll('li') ?? [])].map((one) => one.textContent)
type User = Awaited<ReturnType<typeof card>>['user']

const fill = async (user: User) => {
  await user.click(done('Call'))
  await user.type(screen.getByLabelText('One line'), ' Wants a quote ')
  await user.click(next('Show the machine'))
  await user.click(screen.getByRole('button', { name: /^Tomorrow/ }))
}

describe('saving', () => {
  test.each(['{Control>}{Enter}{/Control}', '{Meta>}{Enter}{/Meta}'])('is done by %s from any field', async (keys) => {
    const { edge, user } = await card()
    await fill(user)
    screen.getByLabelText('One line').focus()
    await user.keyboard(keys)
    expect(await screen.findByText('Follow-up saved')).toBeDefined()
    expect(edge.asked(`POST ${path}`)).toHaveLength(1)
  })

  test('by Ctrl and Enter says what is missing as the button does', async () => {
    const { edge, user } = await card()
    screen.getByLabelText('One line').focus()
    await user.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(faults().length).toBeGreaterThan(0))
    expect(edge.asked(`POST ${path}`)).toHaveLength(0)
  })

  test('says what was done and what comes next, until when', async () => {
    const { edge, user } = await card()
    await fill(user)
    await user.click(save())
    expect(await screen.findByText('Follow-up saved')).toBeDefined()
    expect(edge.last(`POST ${path}`).body).toEqual({ action: 'call', text: 'Wants a quote', next_action: 'demo', next_due: '2026-11-24T02:00:00.000Z' })
  })

  test('empties the card for the next time', async () => {
    const { user } = await card()
    await fill(user)
    await user.click(save())
    await screen.findByText('Follow-up saved')
    expect(screen.getByLabelText<HTMLInputElement>('One line').value).toBe('')
    expect((done('Call') as HTMLInputElement).checked).toBe(false)
    expect(sessionStorage).toHaveLength(0)
  })

  test('works by Enter in the line', async () => {
    const { edge, user } = await card()
    await fill(user)
    await user.type(screen.getByLabelText('One line'), '{Enter}')
    await waitFor(() => expect(edge.asked(`POST ${path}`)).toHaveLength(1))
  })

  test('is not done twice while the server is slow', async () => {
    const gate = later<object>()
    const { edge, user } = await card({ routes: { [`POST ${path}`]: gate.answer } })
    await fill(user)
    await user.click(save())
    await waitFor(() => expect(save()).toHaveProperty('disabled', true))
    await user.click(save())
    gate.give({})
    await screen.findByText('Follow-up saved')
    expect(edge.asked(`POST ${path}`)).toHaveLength(1)
  })
})

describe('what is missing', () => {
  test('is said by part, in the order of the card, before anything is sent', async () => {
    const { edge, user } = await card()
    await user.click(save())
    expect(faults()).toEqual(['Choose what was done', 'Without a next action it cannot be saved', 'Give a latest time that lies ahead'])
    expect(edge.asked(`POST ${path}`)).toEqual([])
    expect(screen.getByRole('radiogroup', { name: 'What was done' }).getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByRole('group', { name: 'By when' }).getAttribute('aria-describedby')).toBe(alarm()?.id)
  })

  test('is said in Chinese to Chinese readers', async () => {
    const { user } = await card({ language: 'zh-CN' })
    await user.click(screen.getByRole('button', { name: /^保存/ }))
    expect(faults()).toHaveLength(3)
    expect(faults().join('')).toMatch(/\p{Script=Han}/u)
  })

  test('goes as soon as it is there, the rest stays', async () => {
    const { user } = await card()
    await user.click(save())
    await user.click(done('Call'))
    expect(faults()).toEqual(['Without a next action it cannot be saved', 'Give a latest time that lies ahead'])
    await user.click(next('Call'))
    await user.click(screen.getByRole('button', { name: /^Today/ }))
    expect(faults()).toEqual([])
  })

  test('is not nagged about before one tried to save', async () => {
    const { user } = await card()
    await user.click(done('Call'))
    expect(document.querySelector('#follow-up-faults')).toBeNull()
  })

  test('a time that has passed does not count', async () => {
    const { edge, user } = await card()
    await user.click(done('Call'))
    await user.click(next('Call'))
    await user.type(screen.getByRole('textbox', { name: 'Another time' }), '11/23/2026')
    const time = screen.getByRole('textbox', { name: 'Another time time of day' })
    await user.clear(time)
    await user.type(time, '9:00')
    await user.click(save())
    expect(faults()).toEqual(['Give a latest time that lies ahead'])
    expect(edge.asked(`POST ${path}`)).toEqual([])
  })
})

describe('an outcome', () => {
  const open = async (user: User) => user.click(screen.getByText('Record an outcome or close'))

  test('that closes needs no next step, but its reason', async () => {
    const { edge, user } = await card()
    await user.click(done('Call'))
    await open(user)
    await user.click(group('Outcome').getByRole('radio', { name: 'Lost' }))
    expect(screen.queryByRole('radiogroup', { name: 'Next action' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Save and close' }))
    expect(faults()).toEqual(['Say why'])
    await user.click(group('Why lost').getByRole('radio', { name: 'Too late' }))
    await user.click(screen.getByRole('button', { name: 'Save and close' }))
    await screen.findByText('Follow-up saved')
    expect(edge.last(`POST ${path}`).body).toEqual({ action: 'call', text: '', outcome: 'lost', fields: { lost_reason: 'late' } })
  })

  test('that closes well asks for no reason', async () => {
    const { edge, user } = await card()
    await user.click(done('Call'))
    await open(user)
    await user.click(group('Outcome').getByRole('radio', { name: 'Won' }))
    expect(screen.queryByRole('radiogroup', { name: 'Why lost' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Save and close' }))
    await screen.findByText('Follow-up saved')
    expect(edge.last(`POST ${path}`).body).toEqual({ action: 'call', text: '', outcome: 'won' })
  })

  test('that does not close goes along with the next step', async () => {
    const { edge, user } = await card()
    await fill(user)
    await open(user)
    await user.click(group('Outcome').getByRole('radio', { name: 'Interested' }))
    await user.click(save())
    await screen.findByText('Follow-up saved')
    expect(edge.last(`POST ${path}`).body).toMatchObject({ outcome: 'interested', next_action: 'demo' })
  })

  test('another one forgets the reason of the first', async () => {
    const { edge, user } = await card()
    await user.click(done('Call'))
    await open(user)
    await user.click(group('Outcome').getByRole('radio', { name: 'Lost' }))
    await user.click(group('Why lost').getByRole('radio', { name: 'Price' }))
    await user.click(group('Outcome').getByRole('radio', { name: 'Won' }))
    await user.click(group('Outcome').getByRole('radio', { name: 'Lost' }))
    await user.click(screen.getByRole('button', { name: 'Save and close' }))
    expect(faults()).toEqual(['Say why'])
    expect(edge.asked(`POST ${path}`)).toEqual([])
  })

  test('tapped again is taken back, and the next step is asked for again', async () => {
    const { user } = await card()
    await open(user)
    await user.click(group('Outcome').getByRole('radio', { name: 'Won' }))
    await user.click(group('Outcome').getByRole('radio', { name: 'Won' }))
    expect(screen.getByRole('radiogroup', { name: 'Next action' })).toBeDefined()
  })
})

describe('what was typed', () => {
  test('is still there after a reload', async () => {
    const first = await card()
    await fill(first.user)
    cleanup()
    const kept = JSON.stringify({ ...sessionStorage })
    expect(kept).toContain('Wants a quote')
    const again = await card()
    expect(screen.getByLabelText<HTMLInputElement>('One line').value).toBe(' Wants a quote ')
    expect(screen.getByRole('button', { name: /^Tomorrow/ }).getAttribute('aria-pressed')).toBe('true')
    await again.user.click(save())
    await screen.findByText('Follow-up saved')
  })

  test('of one record is not found on another', async () => {
    const first = await card()
    await fill(first.user)
    cleanup()
    await card({ id: 'l-2' })
    expect(screen.getByLabelText<HTMLInputElement>('One line').value).toBe('')
  })

  test('survives a kept draft that nobody can read', async () => {
    sessionStorage.setItem('follow-up:lead:l-1', '{"text":')
    await card()
    expect(screen.getByLabelText<HTMLInputElement>('One line').value).toBe('')
  })

  test.each([
    ['the server refuses', refusal(422, 'invalid', 'That day is a public holiday'), 'That day is a public holiday'],
    ['somebody else closed it', refusal(409, 'closed', 'Chen closed this lead at 09:40'), 'Chen closed this lead at 09:40'],
    ['there is no network', noAnswer, 'The server cannot be reached; please try again in a moment'],
  ])('stays when %s, with the reason', async (_, answer, words) => {
    const { edge, user } = await card({ routes: { [`POST ${path}`]: answer } })
    await fill(user)
    await user.click(save())
    expect(await screen.findByText(words)).toBeDefined()
    expect(screen.getByLabelText<HTMLInputElement>('One line').value).toBe(' Wants a quote ')
    edge.answer(`POST ${path}`, {})
    await user.click(save())
    expect(await screen.findByText('Follow-up saved')).toBeDefined()
    expect(screen.queryByText(words)).toBeNull()
  })
})

describe('by when', () => {
  const picks = () => screen.getAllByRole('button').filter((one) => one.hasAttribute('aria-pressed')).map((one) => one.textContent)

  test.each([
    ['a Monday morning in Shanghai', '2026-11-23T02:00:00Z', 'Asia/Shanghai', ['Today 18:00Mon, 11/23', 'Tomorrow 10:00Tue, 11/24', 'In 3 working daysThu, 11/26']],
    ['a Friday evening there', '2026-11-27T11:00:00Z', 'Asia/Shanghai', ['Tomorrow 10:00Sat, 11/28', 'In 3 working daysWed, 12/2']],
    ['the same instant in New York', '2026-11-27T11:00:00Z', 'America/New_York', ['Today 18:00Fri, 11/27', 'Tomorrow 10:00Sat, 11/28', 'In 3 working daysWed, 12/2']],
    ['the day before clocks go forward', '2026-03-07T22:00:00Z', 'America/New_York', ['Today 18:00Sat, 3/7', 'Tomorrow 10:00Sun, 3/8', 'In 3 working daysWed, 3/11']],
  ])('offers on %s', async (_, now, where, expected) => {
    await card({ now, zone: where })
    expect(picks()).toEqual(expected)
  })

  test('another time is read as the company’s, whatever the browser’s zone', async () => {
    const { edge, user } = await card({ zone: 'America/New_York', now: '2026-11-23T15:00:00Z' })
    await user.click(done('Call'))
    await user.click(next('Call'))
    await user.type(screen.getByRole('textbox', { name: 'Another time' }), '12/01/2026')
    await user.click(save())
    await screen.findByText('Follow-up saved')
    expect(edge.last(`POST ${path}`).body).toMatchObject({ next_due: '2026-12-01T23:00:00.000Z' })
  })

  test('a pick after another time takes its place', async () => {
    const { edge, user } = await card()
    await fill(user)
    await user.type(screen.getByRole('textbox', { name: 'Another time' }), '{Control>}a{/Control}12/01/2026')
    await user.click(screen.getByRole('button', { name: /^Today/ }))
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Another time time of day' }).value).toBe('18:00')
    await user.click(save())
    await screen.findByText('Follow-up saved')
    expect(edge.last(`POST ${path}`).body).toMatchObject({ next_due: '2026-11-23T10:00:00.000Z' })
  })
})

describe('quick picks', () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC']
  const instants = Array.from({ length: 60 }, (_, n) => new Date(Date.UTC(2026, 0, 1) + n * 151 * 3_600_000))
  const clock = (instant: string, where: string) => new Intl.DateTimeFormat('en-GB', { timeZone: where, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(instant))

  test.each(zones)('in %s always lie ahead, in order, at the hours they say', (where) => {
    for (const now of instants) {
      const picks = quickPicks(now, where, 3)
      expect(picks.map(({ due }) => new Date(due) > now).every(Boolean), now.toISOString()).toBe(true)
      expect(picks.map(({ due }) => due)).toEqual(picks.map(({ due }) => due).toSorted())
      for (const { name, due } of picks) expect(clock(due, where), `${now.toISOString()} ${name}`).toMatch(name === 'tomorrow' ? /10:00/ : /18:00/)
    }
  })

  test.each(zones)('in %s never end on a weekend when they count working days', (where) => {
    for (const now of instants) {
      for (let days = 1; days <= 6; days++) expect(clock(quickPicks(now, where, days).at(-1)?.due ?? '', where)).not.toMatch(/Sat|Sun/)
    }
  })
})

describe('who comes next', () => {
  const home = (ids: string[]) => ({ blocks: [{ object: 'ticket', items: [{ record: { id: 't-1', company: 'Ticket' } }] }, { object: 'lead' }, { object: 'lead', items: ids.map((id) => ({ record: { id, company: `Company ${id}` } })) }] })

  test('is the first on the home page that is not this one', async () => {
    const scene = await show(<NextLead object="lead" id="l-1" titleField="company" />, { routes: { 'GET /home': home(['l-1', 'l-2', 'l-3']) } })
    await scene.user.click(await screen.findByRole('link', { name: 'Next: Company l-2' }))
    await arrivedAt(scene, '/o/lead/l-2')
  })

  test.each([[[]], [['l-1']]])('is nobody where only %j waits', async (ids) => {
    const { edge } = await show(<NextLead object="lead" id="l-1" titleField="company" />, { routes: { 'GET /home': home(ids) } })
    await waitFor(() => expect(edge.asked('GET /home')).toHaveLength(1))
    expect(screen.queryByRole('link')).toBeNull()
  })
})
