import { createInstance, type TFunction } from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import type { Operation } from '@/api/operations'
import words from '@/i18n/zh-CN/operations.json'
import { headline, share } from './operation-text'

let t: TFunction<'operations'>
beforeAll(async () => {
  const i18n = createInstance()
  await i18n.init({ lng: 'zh-CN', resources: { 'zh-CN': { operations: words } }, interpolation: { escapeValue: false } })
  t = i18n.getFixedT('zh-CN', 'operations') as TFunction<'operations'>
})

const operation = (more: Partial<Operation>): Operation => ({
  id: '1', action: 'edit', object: 'lead', label: '线索', state: 'running', total: 10, done: 0, failed: 0, may_undo: false, may_resume: false, created_at: '2026-11-22T00:00:00Z', ...more,
})

it.each([
  [{ action: 'assign', owner: { id: 'u', label: '陈静' } }, '把线索分配给陈静'],
  [{ action: 'assign', pool: { id: 'east', label: '华东组' } }, '把线索分配给接单组「华东组」'],
  [{ action: 'assign', routing: true }, '按派单表重新分配线索'],
  [{ action: 'edit', fields: [{ name: 'city', label: '城市', text: '无锡' }, { name: 'budget', label: '预算'}] }, '修改线索：城市 → 无锡、预算 → 空'],
  [{ action: 'delete' }, '删除线索'],
  [{ action: 'restore' }, '恢复已删除的线索'],
  [{ action: 'undo' }, '撤销对线索的操作'],
] as [Partial<Operation>, string][])('%j is told', (more, text) => {
  expect(headline(operation(more), t)).toBe(text)
})

it('knows how far it is', () => {
  expect(share(operation({ done: 3, failed: 2 }))).toBe(0.5)
  expect(share(operation({ total: 0 }))).toBe(0)
  expect(share(operation({ done: 12 }))).toBe(1)
  expect(share(operation({ state: 'done', done: 3, total: 9 }))).toBe(1)
})
