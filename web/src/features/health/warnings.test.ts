import { expect, test } from 'vitest'
import type { Warning } from './types'
import { arranged, remedyOf } from './warnings'

const failed: Warning = { code: 'failed_deliveries', state: 'bad', params: { count: 3 }, text: '3 failed', advice: '' }
const year: Warning = { code: 'calendar_missing', state: 'warn', params: { year: 2027 }, text: 'no 2027', advice: '' }
const disk: Warning = { code: 'disk_low', state: 'bad', text: 'disk', advice: '' }

test('failed deliveries are mended at the channels, by those who may open them', () => {
  expect(remedyOf(failed, ['health.read', 'deliveries.read'])?.to).toBe('/channels')
  expect(remedyOf(failed, ['health.read'])).toBeUndefined()
})

test('robots and calendars are mended in the setup', () => {
  expect(remedyOf(year, ['config.read'])?.to).toBe('/setup/calendar')
  expect(remedyOf({ code: 'robot_no_secret' }, ['config.read'])?.to).toBe('/setup/robot')
  expect(remedyOf({ code: 'dead_messages' }, ['config.read'])?.to).toBe('/setup/robot')
  expect(remedyOf(year, ['deliveries.read'])).toBeUndefined()
})

test('other warnings lead nowhere', () => {
  expect(remedyOf(disk, ['deliveries.read', 'config.read'])).toBeUndefined()
})

test('the same sentence stands once', () => {
  expect(arranged([year, { ...year }])).toEqual([year])
})

test('what is worse comes first, otherwise the order stays', () => {
  expect(arranged([year, failed, disk])).toEqual([failed, disk, year])
})
