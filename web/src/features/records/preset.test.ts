import { expect, test } from 'vitest'
import { presetOf } from './preset'

const field = (name: string, object: string, fixed = false) => ({ name, label: name, type: 'reference', required: false, read_only: fixed, object })
const record = { id: 'p1', created_at: '', updated_at: '', name: 'Line 3', company: { id: 'c1', label: 'Acme' }, contact: { id: 'k1' }, lead: null }

test('a contract of a project knows the project and its company', () => {
  const made = { fields: [field('project', 'project'), field('company', 'company'), field('contact', 'contact', true), field('lead', 'lead')] }
  const source = { name: 'project', title_field: 'name', fields: [field('company', 'company'), field('contact', 'contact'), field('lead', 'lead')] }
  expect(presetOf(made, source, record, 'project')).toEqual({ project: { id: 'p1', label: 'Line 3' }, company: { id: 'c1', label: 'Acme' } })
})

test('a field of the same name that points elsewhere is not taken', () => {
  const made = { fields: [field('project', 'project'), field('company', 'supplier')] }
  const source = { name: 'project', title_field: 'name', fields: [field('company', 'company')] }
  expect(Object.keys(presetOf(made, source, record, 'project'))).toEqual(['project'])
})
