import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import type { Body } from './document'
import { useEditorWork } from './editor-context'
import { NodeEditor } from './node-editor'
import { useKinds, useShape } from './queries'
import { inLanguage, type Shape } from './shape'
import { useState } from 'react'
import css from './panels.module.css'

const acts = ['create', 'read', 'update', 'delete']

/** A role's rights as a table of objects by acts; scope and fields of one object open below it. */
export function RoleMatrix() {
  const { body, change, language } = useEditorWork()
  const { t } = useTranslation('setup')
  const shape = useShape('role').data
  const kinds = useKinds()
  const [open, setOpen] = useState('')
  const documents = kinds?.find(({ kind }) => kind === 'object')?.items ?? []
  const rules = (body.objects ?? {}) as Record<string, Body>
  const objects = [...documents.map(({ name, label }) => ({ name, label })), { name: '*', label: t('everyOther') }]
  const rule = ruleShape(shape)
  const set = (object: string, act: string, on: boolean) => {
    const { [act]: _, ...others } = rules[object] ?? {}
    const next = on ? { ...others, [act]: true, ...(act === 'read' || 'scope' in others ? {} : { scope: 'own' }) } : others
    const empty = !acts.some((one) => next[one as keyof typeof next])
    const { [object]: __, ...without } = rules
    change(['objects'], empty ? without : { ...rules, [object]: next })
  }
  return (
    <section className={css.matrixPart} aria-label={t('matrix')}>
      <h2>{t('matrix')}</h2>
      <ScrollBox className={css.scroll} label={t('matrix')}>
        <table className={css.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('object')}</th>
              {acts.map((act) => (
                <th key={act} scope="col">
                  {titleOf(rule, act, language)}
                </th>
              ))}
              <th scope="col">{titleOf(rule, 'scope', language)}</th>
            </tr>
          </thead>
          <tbody>
            {objects.map(({ name, label }) => (
              <tr key={name} data-open={open === name || undefined}>
                <th scope="row">{label}</th>
                {acts.map((act) => (
                  <td key={act}>
                    <label className={css.tick}>
                      <input type="checkbox" checked={rules[name]?.[act] === true} aria-label={`${label} ${titleOf(rule, act, language)}`} onChange={(event) => set(name, act, event.currentTarget.checked)} />
                    </label>
                  </td>
                ))}
                <td>
                  {rules[name] && (
                    <button type="button" className={css.link} aria-expanded={open === name} onClick={() => setOpen(open === name ? '' : name)}>
                      {t('scopeAndFields', { count: Object.keys((rules[name].fields as Body | undefined) ?? {}).length })}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {open && rule && rules[open] && (
        <div className={css.detail}>
          <h3>{objects.find(({ name }) => name === open)?.label}</h3>
          <NodeEditor shape={{ ...rule, properties: rule.properties.filter(({ name }) => !acts.includes(name)) }} value={rules[open]} path={['objects', open]} label={open} />
        </div>
      )}
    </section>
  )
}

function ruleShape(shape: Shape | undefined) {
  const objects = shape?.kind === 'object' ? shape.properties.find(({ name }) => name === 'objects')?.shape : undefined
  return objects?.kind === 'map' && objects.value.kind === 'object' ? objects.value : undefined
}

const titleOf = (rule: Extract<Shape, { kind: 'object' }> | undefined, name: string, language: string) => inLanguage(rule?.properties.find((one) => one.name === name)?.shape.title, language)
