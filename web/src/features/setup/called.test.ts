// @vitest-environment jsdom
import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { learnPages, setUpLanguages, speak } from '@/i18n/setup'
import { leadDocument, setupKinds } from '@/testing/setup-company'
import { callerOf } from './called'
import { fieldsOf } from './options'
import type { Pick } from './shape'
import type { Kind } from './types'

beforeAll(async () => {
  await setUpLanguages()
  await speak('en')
  await learnPages()
})

const pick = (kind: string, of?: string): Pick => ({ kind, of, free: false, system: false })
const body = { name: 'lead', object: 'lead', status: 'status', rows: [{ field: 'region', then: { add: {} } }] }
const caller = (kinds: Kind[] | null = setupKinds) => callerOf({ body, fields: fieldsOf(leadDocument, 'en'), kinds: kinds ?? undefined, t: i18next.getFixedT('en', 'setup') })

describe('a text of a document is called by what it stands for', () => {
  test.each([
    ['a field by its label', pick('field'), 'phone', 'Phone'],
    ['a condition in the labels of its fields and choices', pick('expression'), 'Diqu = "huadong" AND ISBLANK(phone)', 'Region = "East China" AND ISBLANK(Phone)'],
    ['a document by its label', pick('pool'), 'east', 'East team'],
    ['a document of another kind, though the names are the same', pick('robot'), 'east', 'East group'],
    ['those who are told, by what they are to the record', pick('recipient'), 'leader', "The owner's leader"],
    ['a role that is told', pick('recipient'), 'role:manager', 'Role: Manager'],
    ['a group that is told', pick('recipient'), 'robot:east', 'Group: East group'],
    ['a person by the address', pick('recipient'), 'user:lin@example.com', 'lin@example.com'],
    ['a change of a field', pick('event'), 'changed:region', '“Region” changed'],
  ])('%s', (_, what, text, called) => {
    expect(caller()(what, text, ['x'])).toBe(called)
  })

  test.each([
    ['a field that is gone', pick('field'), 'fax'],
    ['a document that is gone', pick('pool'), 'north'],
    ['a choice that is gone', pick('choice', 'status'), 'gone'],
    ['a recipient that nobody knows', pick('recipient'), 'neighbour'],
    ['an event of the program', pick('event'), 'assigned'],
    ['what names nothing', pick('right'), 'records.bulk'],
  ])('%s is read as it is written', (_, what, text) => {
    expect(caller()(what, text, ['x'])).toBe(text)
  })

  test('a field that every record has by its label, and one of another object by that object’s', () => {
    const others = new Map([['deal', fieldsOf({ fields: [{ name: 'phone', label: { en: 'Switchboard' }, type: 'phone' }, { name: 'lead', label: { en: 'From lead' }, type: 'reference' }] }, 'en')]])
    const call = callerOf({ body: { object: 'lead', targets: [{ object: 'deal' }] }, fields: fieldsOf(leadDocument, 'en'), others, kinds: setupKinds, t: i18next.getFixedT('en', 'setup') })
    const there = ['targets', 0, 'match', 0]
    expect(call(pick('field'), 'created_at', [])).toBe('Created at')
    expect(call(pick('field', 'object'), 'phone', there)).toBe('Switchboard')
    expect(call(pick('field'), 'phone', there)).toBe('Phone')
    expect(call(pick('any-field'), 'lead', there)).toBe('From lead')
    expect(call(pick('any-field'), 'fax', there)).toBe('fax')
  })

  test('a role or group that is gone is still told to be one', () => {
    expect(caller()(pick('recipient'), 'robot:west', [])).toBe('Group: west')
  })

  test('a choice by its label, of the field that stands beside it', () => {
    expect(caller()(pick('choice', 'field'), 'huadong', ['rows', 0, 'choices', 0])).toBe('East China')
    expect(caller()(pick('choice', 'status'), 'chengjiao', ['outcomes', 1, 'sets'])).toBe('Won')
  })

  test('a choice of a field that is named outright', () => {
    expect(caller()(pick('choice', 'region'), 'huanan', ['rows', 0, 'then', 'set'])).toBe('South China')
    expect(caller()(pick('choice', 'status'), 'huanan', ['rows', 0])).toBe('huanan')
  })

  test('before the documents are read nothing is made up', () => {
    expect(caller(null)(pick('pool'), 'east', [])).toBe('east')
    expect(caller(null)(pick('recipient'), 'role:manager', [])).toBe('Role: manager')
  })
})
