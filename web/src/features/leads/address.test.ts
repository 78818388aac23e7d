import { describe, expect, test } from 'vitest'
import { readSearch, writeSearch } from '@/app/search-text'
import { isStars } from '@/fields/field-list'
import { field } from '@/testing/company'
import { allowedWidth, columnWidths, usualWidthOf } from './column-widths'
import { groupLevels, groupText, isModified, layoutOf, readWidths, sortAfter, sortKeys, sortText, widthsText, withFilter, type ListSearch, type ListView } from './list-plan'

/** A generator of one's own, so that a failure is the same on every machine. */
function dice(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  const upTo = (n: number) => Math.floor(next() * n)
  return { upTo, one: <T,>(list: readonly T[]): T => list[upTo(list.length)], some: <T,>(list: readonly T[]): T[] => list.filter(() => next() < 0.5) }
}

const names = ['company', 'status', 'created_at', 'budget', 'owner', 'next_due', '地区', 'a_b']
const filters = ['', 'status = "new"', 'company = "a & b ""c"""', '地区 = "华东" AND NOT ISBLANK(owner)', 'score >= 60 OR vip = TRUE', 'x = "100% + 1"', 'note = "a#b?c=d"']
const rolls = Array.from({ length: 200 }, (_, seed) => dice(seed * 7919 + 1))

function searchOf(roll: ReturnType<typeof dice>): ListSearch {
  const sort = sortText(roll.some(names).map((name) => ({ name, descending: roll.upTo(2) === 1 })))
  const group = groupText(roll.some(names).slice(0, 2).map((name) => ({ name, step: roll.one([undefined, 'month', 'week']) })))
  const widths = widthsText(Object.fromEntries(roll.some(names).map((name) => [name, 48 + roll.upTo(900)])))
  const all: ListSearch = { view: roll.one(['', 'all', 'mine']), filter: roll.one(filters), sort, group, columns: roll.some(names).join(','), widths, density: roll.one(['', 'compact']) }
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== '')) as ListSearch
}

const viewOfRoll = (roll: ReturnType<typeof dice>): ListView => ({
  name: 'all',
  label: 'All',
  filter: roll.one(filters),
  sort: roll.one(['-created_at', 'company,-budget']),
  columns: roll.some(names),
  group: roll.one(['', 'status']),
  widths: roll.one<Record<string, number>>([{}, { company: 300 }]),
})

describe('an address of a list', () => {
  test('comes back from the browser as it was written, whatever the filter holds', () => {
    for (const roll of rolls) {
      const search = searchOf(roll)
      expect(readSearch(writeSearch({ ...search }))).toEqual(search)
    }
  })

  test('shows the same after it was left and opened again', () => {
    for (const roll of rolls) {
      const [view, search] = [viewOfRoll(roll), searchOf(roll)]
      const opened = readSearch(writeSearch({ ...search })) as ListSearch
      expect(layoutOf(view, opened)).toEqual(layoutOf(view, search))
      expect(isModified(view, opened)).toBe(isModified(view, search))
    }
  })

  test('that says nothing changes nothing', () => {
    for (const roll of rolls) expect(isModified(viewOfRoll(roll), {})).toBe(false)
  })

  test('with the view’s own filter as its whole is not modified by it', () => {
    for (const roll of rolls) {
      const view = viewOfRoll(roll)
      expect(isModified(view, withFilter(view, {}, view.filter))).toBe(false)
    }
  })

  test('asks with the very filter that was wished', () => {
    for (const roll of rolls) {
      const [view, wished] = [viewOfRoll(roll), roll.one(filters)]
      expect(layoutOf(view, withFilter(view, {}, wished)).filter).toBe(wished)
    }
  })
})

describe('what an address is made of', () => {
  test('orders, groups and widths are read as they were written', () => {
    for (const roll of rolls) {
      const { sort = '', group = '', widths = '' } = searchOf(roll)
      expect(sortText(sortKeys(sort))).toBe(sort)
      expect(groupText(groupLevels(group))).toBe(group)
      expect(widthsText(readWidths(widths))).toBe(widths)
    }
  })

  test.each([
    ['sort', sortKeys(' company ,, -budget ,'), [{ name: 'company', descending: false }, { name: 'budget', descending: true }]],
    ['group', groupLevels(',status,created_at:month,'), [{ name: 'status', step: undefined }, { name: 'created_at', step: 'month' }]],
    ['widths', readWidths('company:300,,phone:-5,owner:x,:9,budget:0'), { company: 300 }],
  ])('%s of a mistyped address is what can be read of it', (_, read, wanted) => {
    expect(read).toEqual(wanted)
  })
})

describe('a click on a head', () => {
  test('orders by it, turns the order, and never leaves a list without one', () => {
    for (const roll of rolls) {
      const sort = searchOf(roll).sort ?? ''
      const name = roll.one(names)
      const once = sortAfter(sort, name)
      expect(sortKeys(once).map((key) => key.name)).toEqual([name])
      expect(sortKeys(sortAfter(once, name))[0].descending).toBe(!sortKeys(once)[0].descending)
      expect(sortKeys(sortAfter(sort, name, true)).length).toBeGreaterThan(0)
    }
  })

  test('with Shift keeps the other levels in their order', () => {
    for (const roll of rolls) {
      const sort = searchOf(roll).sort ?? ''
      const name = roll.one(names)
      const others = (text: string) => sortText(sortKeys(text).filter((key) => key.name !== name))
      expect(others(sortAfter(sort, name, true))).toBe(others(sort))
    }
  })

  test('with Shift three times is as if nobody had clicked, where there were others', () => {
    const clicked = (sort: string, times: number) => Array.from({ length: times }).reduce<string>((now) => sortAfter(now, 'company', true), sort)
    expect(clicked('-created_at,budget', 3)).toBe('-created_at,budget')
    // Alone it only turns: a list is never without an order.
    expect(clicked('company', 2)).toBe('company')
  })
})

describe('a column', () => {
  const choice = (...labels: string[]) => field('status', 'choice', { choices: labels.map((label, n) => ({ name: `c${n}`, label })) })

  test('is wide enough for the longest of its choices, in either script, and no wider than helps', () => {
    const narrow = usualWidthOf(choice('New', 'Won'), 'company')
    expect(usualWidthOf(choice('New', 'To be contacted'), 'company')).toBeGreaterThan(narrow)
    expect(usualWidthOf(choice('待市场部补全信息'), 'company')).toBeGreaterThan(usualWidthOf(choice('abcdefgh'), 'company'))
    expect(usualWidthOf(choice('x'.repeat(400)), 'company')).toBe(200)
    expect(usualWidthOf(choice(), 'company')).toBe(narrow)
  })

  test('of the title is the widest, of stars the narrowest that shows three', () => {
    const stars = field('stars', 'number')
    expect(isStars(stars)).toBe(true)
    expect(usualWidthOf(field('company'), 'company')).toBeGreaterThan(usualWidthOf(field('company'), 'title'))
    expect(usualWidthOf(stars, 'company')).toBeLessThan(usualWidthOf(field('contact'), 'company'))
  })

  test.each([[-5, 48], [0, 48], [47.6, 48], [300.4, 300], [5000, 1000]])('resized to %d px has %d', (wished, width) => {
    expect(allowedWidth(wished)).toBe(width)
  })

  test('that was resized stays so; the others share what is left', () => {
    const columns = [field('company'), field('contact'), field('score', 'number')]
    expect(columnWidths(columns, 'company', true, { contact: 210 })).toEqual({ template: '40px minmax(230px, 230fr) 210px minmax(72px, 72fr)', width: '552px' })
    expect(columnWidths(columns.slice(0, 1), 'company', false, {})).toEqual({ template: 'minmax(230px, 230fr)', width: '230px' })
  })
})
