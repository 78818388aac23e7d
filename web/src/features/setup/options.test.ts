import { describe, expect, test } from 'vitest'
import { beside, byName, fieldsOf, objectOf, objectsIn } from './options'

const object = {
  fields: [
    { name: 'source', label: { 'zh-CN': '来源', en: 'Source' }, type: 'choice', choices: [{ name: '抖音', label: { en: 'Douyin' } }, { name: '旧', retired: true }] },
    { name: 'city', type: 'text' },
  ],
}

test('an object’s fields in the reader’s words, without retired choices', () => {
  expect(fieldsOf(object, 'en')).toEqual([
    { name: 'source', label: 'Source', also: ['来源', 'Source'], type: 'choice', choices: [{ name: '抖音', label: 'Douyin', also: ['Douyin'] }] },
    { name: 'city', label: 'city', also: [], type: 'text', choices: [] },
  ])
  expect(fieldsOf(undefined, 'en')).toEqual([])
})

describe('what a place belongs to', () => {
  const lead = { closed: { field: 'status', choices: ['won'] }, follow_up: { status: 'status', outcomes: [{ sets: 'won' }] } }
  const role = { objects: { ticket: { fields: { amount: 'hidden' } } } }

  test('is said beside it, or further out', () => {
    expect(beside(lead, ['closed', 'choices', 0], 'field')).toBe('status')
    expect(beside(lead, ['follow_up', 'outcomes', 0, 'sets'], 'status')).toBe('status')
    expect(beside(lead, ['closed'], 'nothing')).toBe('')
  })

  test('is the key around it', () => {
    expect(beside(role, ['objects', 'ticket', 'fields'], '@key')).toBe('ticket')
  })

  test('is the object itself, or the document’s', () => {
    expect(objectOf({ kind: 'object', name: 'lead', body: lead }, undefined, ['title'])).toBe('lead')
    expect(objectOf({ kind: 'view', name: 'v', body: { object: 'lead' } }, { kind: 'field', free: false, system: false }, ['columns', 0])).toBe('lead')
    expect(objectOf({ kind: 'object', name: 'lead', body: { party: { object: 'contact', copy: {} } } }, { kind: 'field', of: 'object', free: false, system: false }, ['party', 'copy'])).toBe('contact')
  })
})

test('the objects that a document names, once each, as deep as they stand', () => {
  expect(objectsIn({ object: 'lead', steps: [{ of: { object: 'deal' } }, { of: { object: 'lead' } }], from: 'object' })).toEqual(['lead', 'deal'])
  expect(objectsIn({ object: '' })).toEqual([])
  expect(objectsIn(undefined)).toEqual([])
})

test('a field of several objects is called as each of them calls it', () => {
  const field = (name: string, label: string) => ({ name, label, type: 'text', choices: [] })
  expect(byName([field('name', 'Company'), field('phone', 'Phone'), field('name', 'Project'), field('phone', 'Phone')])).toEqual([
    { name: 'name', label: 'Company / Project' },
    { name: 'phone', label: 'Phone' },
  ])
})
