import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { listText } from '@/format/list-text'
import { chosenOf } from '@/fields/field-value'
import { ManyChips } from '@/ui/choice-chips'
import { IconButton } from '@/ui/icon-button'
import { useEditorWork } from './editor-context'
import type { Body, Path } from './document'
import { Expression, Faults, PickSelect } from './fields'
import { wholeOf, unitsOf, type Units } from './duration'
import { objectOf, useFields } from './options'
import { inLanguage, type Shape } from './shape'
import { wordsOf } from './token-list'
import css from './fields.module.css'

interface Props<K extends Shape['kind']> {
  shape: Extract<Shape, { kind: K }>
  value: unknown
  path: Path
  label: string
}

/** A length of time: a number, its unit, and what it counts in; or the field that says the time. */
export function DurationField({ shape, value, path, label }: Props<'duration'>) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const fields = useFields(work, objectOf(work, undefined, path)).filter(({ type }) => type === 'date' || type === 'datetime')
  const names = shape.properties.map(({ name }) => name)
  const units = names.filter((name) => ['minutes', 'hours', 'days'].includes(name))
  const body = (value ?? {}) as Body
  const { unit, amount } = unitsOf(body as Units)
  const calendar = names.includes('calendar') ? { calendar: body.calendar ?? 'working' } : {}
  const set = (nextUnit: string, nextAmount: number) => work.change(path, nextUnit === 'field' ? { field: '' } : { [nextUnit]: nextAmount, ...(body.calendar !== undefined || names.includes('calendar') ? calendar : {}) })
  const options = [...units, ...(names.includes('field') ? ['field'] : [])].map((name) => ({ name, label: t(`units.${name}`) }))
  return (
    <div className={css.one}>
      <div className={css.line}>
        {unit !== 'field' && <input className={css.number} type="number" min={0} inputMode="numeric" value={amount} aria-label={label} onChange={({ currentTarget }) => set(unit, wholeOf(currentTarget.value))} />}
        <PickSelect options={options} value={unit} onPick={(next) => next && set(next, amount || 1)} aria-label={t('unitOf', { label })} />
        {unit === 'field' && <PickSelect options={fields} value={String(body.field ?? '')} onPick={(field) => work.change(path, { ...body, field })} aria-label={t('units.field')} />}
        {unit !== 'field' && names.includes('calendar') && (
          <PickSelect
            options={['working', 'calendar'].map((name) => ({ name, label: t(`counted.${name}`) }))}
            value={String(body.calendar ?? 'calendar')}
            onPick={(next) => next && work.change(path, { ...body, calendar: next })}
            aria-label={t('countedIn')}
          />
        )}
      </div>
      <Faults path={path} within />
    </div>
  )
}

/** The hours of a day: from, until, as many as there are. */
export function HoursField({ value, path, label }: Props<'hours'>) {
  const { change } = useEditorWork()
  const { t } = useTranslation('setup')
  const ranges = (Array.isArray(value) ? value : []) as [string, string][]
  const set = (at: number, side: number, time: string) => change(path, ranges.map((range, index) => (index === at ? range.with(side, time) : range)))
  return (
    <div className={css.one}>
      <div className={css.line}>
        {ranges.map((range, at) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at} className={css.range}>
            {[0, 1].map((side) => (
              <input key={side} className={css.time} value={range[side]} placeholder="09:00" pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00" aria-label={t(side === 0 ? 'hoursFrom' : 'hoursUntil', { day: label })} onChange={(event) => set(at, side, event.currentTarget.value)} />
            ))}
            <IconButton label={t('removeItem', { item: range.join('–') })} size={28} onClick={() => change(path, ranges.toSpliced(at, 1))}>
              <Trash2 size={14} />
            </IconButton>
          </span>
        ))}
        <IconButton label={t('addTo', { list: label })} size={30} onClick={() => change(path, [...ranges, ranges.length === 0 ? ['09:00', '12:00'] : ['13:30', '18:00']])}>
          <Plus size={15} />
        </IconButton>
      </div>
      <Faults path={path} within />
    </div>
  )
}

/** Which records a right reaches: words for people, or conditions; several add up. */
export function ScopeField({ shape, value, path, label }: Props<'scope'>) {
  const { change, language } = useEditorWork()
  const { t } = useTranslation('setup')
  const parts = (value === undefined ? [] : Array.isArray(value) ? value : [value]) as string[]
  const set = (next: string[]) => change(path, next.length === 0 ? undefined : next.length === 1 ? next[0] : next)
  const words = Object.entries(shape.titles).map(([name, title]) => ({ name, label: inLanguage(title, language) }))
  const isWord = (part: string) => part in shape.titles
  return (
    <div className={css.one}>
      {parts.map((part, at) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className={css.line}>
          {isWord(part) ? (
            <PickSelect options={words} value={part} onPick={(next) => set(next ? parts.with(at, next) : parts.toSpliced(at, 1))} aria-label={label} />
          ) : (
            <Expression value={part} path={Array.isArray(value) ? [...path, at] : path} label={label} object={String(path[1] ?? '')} onChange={(text) => set(parts.with(at, text))} />
          )}
          <IconButton label={t('removeItem', { item: part })} size={28} onClick={() => set(parts.toSpliced(at, 1))}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <div className={css.line}>
        <PickSelect options={[...words.filter(({ name }) => !parts.includes(name)), { name: '#', label: t('condition') }]} value="" onPick={(name) => name && set([...parts, name === '#' ? ' ' : name])} placeholder={t('addMore')} aria-label={t('addTo', { list: label })} />
      </div>
    </div>
  )
}

/** Values by field: one, or several that are added. */
export function ValuesField({ shape, value, path, label }: Props<'values'>) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const fields = useFields(work, objectOf(work, undefined, path))
  const map = (value ?? {}) as Body
  const set = (name: string, next: unknown) => work.change(path, { ...map, [name]: next })
  const able = shape.many ? fields.filter(({ type }) => type === 'tags' || type === 'choices') : fields
  return (
    <div className={css.one} role="group" aria-label={label}>
      {Object.entries(map).map(([name, one]) => {
        const field = fields.find((candidate) => candidate.name === name)
        const texts = Array.isArray(one) ? listText(one) : String(one ?? '')
        return (
          <div key={name} className={css.line}>
            <span className={css.key}>{field?.label ?? name}</span>
            {field && field.choices.length > 0 && !shape.many ? (
              <PickSelect options={field.choices} value={texts} onPick={(next) => set(name, next)} aria-label={field.label} />
            ) : field?.type === 'choices' ? (
              <ManyChips aria-label={field.label} options={field.choices} values={chosenOf(one)} onChange={(names) => set(name, names)} />
            ) : (
              <input className={css.input} defaultValue={texts} aria-label={field?.label ?? name} placeholder={shape.many ? t('severalWords') : undefined} onBlur={({ currentTarget }) => currentTarget.value !== texts && set(name, shape.many ? wordsOf(currentTarget.value) : typed(currentTarget.value, field?.type))} />
            )}
            <IconButton label={t('removeItem', { item: field?.label ?? name })} size={28} onClick={() => work.change(path, Object.fromEntries(Object.entries(map).filter(([key]) => key !== name)))}>
              <Trash2 size={14} />
            </IconButton>
          </div>
        )
      })}
      <div className={css.line}>
        <PickSelect options={able.filter(({ name }) => !(name in map))} value="" onPick={(name) => name && set(name, shape.many ? [] : '')} placeholder={t('addMore')} aria-label={t('addTo', { list: label })} />
      </div>
      <Faults path={path} within />
    </div>
  )
}

/** What was typed, as its field keeps it. */
export function typed(text: string, type: string | undefined): unknown {
  if (type === 'boolean') return ['true', '1', 'yes'].includes(text.toLowerCase())
  if (type === 'number' && text !== '' && Number.isFinite(Number(text))) return Number(text)
  return text
}
