import { expect, test } from 'vitest'
import { objectPlaces, otherPlaces, settingsPlaces } from './places'

const object = (name: string, read = true) => ({ name, plural: name, can: { create: false, read, update: false, delete: false } })

test('lists stand in the order of work, own objects last, hidden ones not at all', () => {
  const places = objectPlaces([object('machine'), object('ticket'), object('payment', false), object('interaction'), object('lead')])
  expect(places.map(({ to }) => to)).toEqual(['/leads', '/o/ticket', '/o/machine'])
})

test('other places need their right', () => {
  expect(otherPlaces([]).map(({ to }) => to)).toEqual(['/inbox'])
  expect(otherPlaces(['users.read', 'dashboard.read']).map(({ to }) => to)).toEqual(['/inbox', '/dash/lead-health', '/people'])
  expect(otherPlaces(['records.bulk']).map(({ to }) => to)).toEqual(['/inbox', '/operations'])
  expect(otherPlaces(['health.read']).map(({ to }) => to)).toEqual(['/inbox'])
  expect(settingsPlaces([])).toEqual([])
  expect(settingsPlaces(['health.read', 'config.write']).map(({ to }) => to)).toEqual(['/setup', '/health'])
})
