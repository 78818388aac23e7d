import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isSortable } from '@/fields/field-list'
import { useEditorWork } from './editor-context'
import { Faults, PickSelect } from './fields'
import type { Path } from './document'
import { objectOf, systemFields, useFields } from './options'
import { orderKeys, orderText, type OrderKey } from './order-text'
import { useFocusNext } from './use-focus-next'
import css from './token.module.css'

interface Props {
  value: unknown
  path: Path
  label: string
}

const steps = ['day', 'week', 'month', 'year']
const isDate = (type: string) => type === 'date' || type === 'datetime'

/** By which fields records stand in order, or in groups: the first decides first. */
export function OrderField({ value, path, label }: Props) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const grouping = path.at(-1) === 'group'
  const system = systemFields.map((name) => ({ name, label: t(`system.${name}`), type: name === 'created_by' ? 'user' : 'datetime' }))
  const fields = [...useFields(work, objectOf(work, undefined, path)), ...system]
  const { box, focusNext } = useFocusNext<HTMLDivElement>()
  const keys = orderKeys(typeof value === 'string' ? value : '')
  const known = (name: string) => fields.find((field) => field.name === name)
  const labelOf = (name: string) => known(name)?.label ?? name
  const set = (next: OrderKey[]) => work.change(path, next.length === 0 ? undefined : orderText(next))
  const add = (name: string) => name && set([...keys, { name, descending: false, step: grouping && isDate(known(name)?.type ?? '') ? 'month' : '' }])
  const remove = (at: number) => {
    focusNext((tokens) => tokens.querySelector<HTMLElement>(':scope > select'))
    set(keys.toSpliced(at, 1))
  }
  const free = fields.filter((field) => isSortable(field) && !keys.some(({ name }) => name === field.name))
  return (
    <div className={css.list}>
      <div ref={box} className={css.tokens} role="group" aria-label={label}>
        {keys.map((key, at) => (
          <span key={key.name} className={css.token}>
            {labelOf(key.name)}
            {key.step && (
              <select value={key.step} aria-label={t('groupStep', { field: labelOf(key.name) })} onChange={({ currentTarget }) => set(keys.with(at, { ...key, step: currentTarget.value }))}>
                {[...new Set([...steps, key.step])].map((step) => (
                  <option key={step} value={step}>
                    {t(`steps.${step}`, { defaultValue: step })}
                  </option>
                ))}
              </select>
            )}
            {!grouping && (
              <button type="button" aria-label={t(key.descending ? 'descending' : 'ascending', { field: labelOf(key.name) })} title={t(key.descending ? 'descending' : 'ascending', { field: labelOf(key.name) })} onClick={() => set(keys.with(at, { ...key, descending: !key.descending }))}>
                {key.descending ? <ArrowDown size={14} aria-hidden="true" /> : <ArrowUp size={14} aria-hidden="true" />}
              </button>
            )}
            <button type="button" aria-label={t('removeItem', { item: labelOf(key.name) })} onClick={() => remove(at)}>
              <X size={13} aria-hidden="true" />
            </button>
          </span>
        ))}
        <PickSelect options={free} value="" onPick={add} placeholder={t('addMore')} aria-label={t('addTo', { list: label })} />
      </div>
      <Faults path={path} within />
    </div>
  )
}
