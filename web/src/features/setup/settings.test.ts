import { expect, test } from 'vitest'
import { settingsFor } from './settings'

test('only what the reader may open is among the settings', () => {
  expect(settingsFor([])).toEqual([])
  expect(settingsFor(['config.write', 'users.read']).map(({ to }) => to)).toEqual(['/people'])
  expect(settingsFor(['audit.read', 'security.write', 'users.read', 'deliveries.read', 'health.read', 'records.bulk']).map(({ name }) => name)).toEqual(['people', 'security', 'channels', 'operations', 'audit', 'health'])
})
