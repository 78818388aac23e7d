import { expect, test } from 'vitest'
import { distinct, remedyOf } from './warnings'

const failed = { code: 'failed_deliveries', params: { count: 3 }, text: '3 failed' }
const year = { code: 'calendar_missing', params: { year: 2027 }, text: 'no 2027' }

test('failed deliveries are mended at the channels, by those who may open them', () => {
  expect(remedyOf(failed, ['health.read', 'deliveries.read'])?.to).toBe('/channels')
  expect(remedyOf(failed, ['health.read'])).toBeUndefined()
})

test('other warnings lead nowhere', () => {
  expect(remedyOf(year, ['deliveries.read'])).toBeUndefined()
})

test('the same sentence stands once', () => {
  expect(distinct([year, failed, { ...year }])).toEqual([year, failed])
})
