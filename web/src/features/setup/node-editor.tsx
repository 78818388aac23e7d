import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateInput } from '@/ui/date-input'
import { IconButton } from '@/ui/icon-button'
import { useEditorWork } from './editor-context'
import type { Body, Path } from './document'
import { faultsIn } from './document'
import { AnyField, BooleanField, ChoiceField, ExpressionField, Faults, LabelField, NumberField, PickSelect, TextField } from './fields'
import { DurationField, HoursField, ScopeField, ValuesField } from './compound-fields'
import { ListEditor } from './list-editor'
import { objectOf, useFields, useOptions } from './options'
import { OrderField } from './order-field'
import { blankOf, inLanguage, type Property, type Shape } from './shape'
import { TokenList } from './token-list'
import { useFocusNext } from './use-focus-next'
import css from './node.module.css'

interface Props {
  shape: Shape
  value: unknown
  path: Path
  label: string
}

/** The editor of one place, by what may stand there. */
export function NodeEditor(props: Props) {
  const { shape, ...rest } = props
  switch (shape.kind) {
    case 'object':
      return shape.exactlyOne ? <OneOfEditor shape={shape} {...rest} /> : <ObjectEditor shape={shape} {...rest} />
    case 'list':
      return isScalar(shape.item) ? <TokenList shape={shape} {...rest} /> : <ListEditor shape={shape} {...rest} />
    case 'map':
      return <MapEditor shape={shape} {...rest} />
    case 'values':
      return <ValuesField shape={shape} {...rest} />
    case 'label':
      return <LabelField shape={shape} {...rest} />
    case 'text':
      return shape.format === 'sort' ? <OrderField {...rest} /> : <TextField shape={shape} {...rest} />
    case 'expression':
      return <ExpressionField shape={shape} {...rest} />
    case 'scope':
      return <ScopeField shape={shape} {...rest} />
    case 'choice':
      return <ChoiceField shape={shape} {...rest} />
    case 'number':
      return <NumberField shape={shape} {...rest} />
    case 'boolean':
      return <BooleanField shape={shape} {...rest} />
    case 'duration':
      return <DurationField shape={shape} {...rest} />
    case 'hours':
      return <HoursField shape={shape} {...rest} />
    case 'either':
      return <EitherEditor shape={shape} {...rest} />
    case 'any':
      return <AnyField shape={shape} {...rest} />
  }
}

const isScalar = (shape: Shape) => shape.kind === 'text' || shape.kind === 'choice'

/** Whether a part takes a line of its own. */
const isWide = (shape: Shape) => (shape.kind === 'text' && shape.format === 'sort') || ['object', 'list', 'map', 'values', 'label', 'expression', 'duration', 'hours', 'any'].includes(shape.kind)

type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>

/** The keys of an object: those that are there or must be; the others wait behind a button each. */
export function ObjectEditor({ shape, value, path, hidden = [] }: { shape: Of<'object'>; value: unknown; path: Path; label: string; hidden?: string[] }) {
  const { language, change, faults } = useEditorWork()
  const { t } = useTranslation('setup')
  const body = (value ?? {}) as Body
  const [opened, setOpened] = useState<string[]>([])
  const { box, focusNext } = useFocusNext<HTMLDivElement>()
  const shown = shape.properties.filter(({ name }) => name !== 'id' && !hidden.includes(name))
  const stands = ({ name, required, shape: inner }: Property) => required || name in body || opened.includes(name) || inner.kind === 'boolean' || name === 'label' || (name === 'when' && typeof path.at(-1) === 'number') || faultsIn(faults, [...path, name]).length > 0
  const first = (a: Property, b: Property) => Number(b.name === 'label') - Number(a.name === 'label')
  const present = shown.filter(stands).toSorted(first)
  const waiting = shown.filter((property) => !stands(property))
  return (
    <div className={css.object}>
      <Faults path={path} />
      <div ref={box} className={css.grid}>
        {present.map(({ name, shape: inner, required }) => {
          const label = inLanguage(inner.title, language) || name
          return (
            <div key={name} className={isWide(inner) ? css.wide : css.cell} data-property={name} role={inner.kind === 'object' ? 'group' : undefined} aria-label={inner.kind === 'object' ? label : undefined}>
              {inner.kind !== 'boolean' && (
                <span className={css.label} aria-hidden="true">
                  {label}
                  {required && <span className={css.required}>*</span>}
                </span>
              )}
              <NodeEditor shape={inner} value={body[name]} path={[...path, name]} label={label} />
            </div>
          )
        })}
      </div>
      {waiting.length > 0 && (
        <div className={css.more}>
          {waiting.map(({ name, shape: inner }) => (
            <button
              key={name}
              type="button"
              className={css.add}
              onClick={() => {
                setOpened([...opened, name])
                focusNext((box) => box.querySelector<HTMLElement>(`[data-property="${name}"] :is(input, select, textarea, button)`))
                if (inner.kind === 'duration') change([...path, name], blankOf(inner))
              }}
            >
              <Plus size={13} aria-hidden="true" />
              {inLanguage(inner.title, language) || t('more')}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** An object of which exactly one key may stand: first which, then what. */
function OneOfEditor({ shape, value, path, label }: Props & { shape: Of<'object'> }) {
  const { language, change } = useEditorWork()
  const { t } = useTranslation('setup')
  const body = (value ?? {}) as Body
  const chosen = shape.properties.find(({ name }) => name in body) ?? shape.properties[0]
  const options = shape.properties.map(({ name, shape: inner }) => ({ name, label: inLanguage(inner.title, language) }))
  return (
    <div className={css.line}>
      <PickSelect options={options} value={chosen.name} onPick={(name) => name && change(path, { [name]: '' })} aria-label={t('which', { label })} />
      <NodeEditor shape={chosen.shape} value={body[chosen.name]} path={[...path, chosen.name]} label={inLanguage(chosen.shape.title, language)} />
      <Faults path={path} />
    </div>
  )
}

/** Free keys, each with its value. */
function MapEditor({ shape, value, path, label }: Props & { shape: Of<'map'> }) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const named = useOptions(work, shape.keys, path)
  const object = shape.keys?.kind === 'field' ? objectOf(work, shape.keys, path) : ''
  const fields = useFields(work, object)
  const options = shape.keys?.kind === 'field' ? fields : named
  const map = (value ?? {}) as Body
  const keys = Object.keys(map)
  const [key, setKey] = useState('')
  const set = (next: Body) => work.change(path, next)
  const add = (name: string) => {
    const clean = name.trim()
    if (clean === '' || clean in map) return
    set({ ...map, [clean]: blankOf(shape.value) })
    setKey('')
  }
  const without = (name: string) => Object.fromEntries(Object.entries(map).filter(([one]) => one !== name))
  const wide = isWide(shape.value)
  const free = options.filter(({ name }) => !(name in map))
  const everything = shape.keys && !('*' in map) ? [{ name: '*', label: t('everyOther') }] : []
  return (
    <div className={css.map} role="group" aria-label={label}>
      {keys.map((name) => (
        <div key={name} className={wide ? css.block : css.entry}>
          <span className={css.key}>{name === '*' ? t('everyOther') : (options.find((option) => option.name === name)?.label ?? name)}</span>
          <div>
            <NodeEditor shape={shape.value} value={map[name]} path={[...path, name]} label={t('valueOf', { key: name })} />
          </div>
          <IconButton label={t('removeItem', { item: name })} size={30} onClick={() => set(without(name))}>
            <Trash2 size={15} />
          </IconButton>
        </div>
      ))}
      {shape.keys ? (
        <PickSelect options={[...free, ...everything]} value="" onPick={add} placeholder={t('addMore')} aria-label={t('addTo', { list: label })} />
      ) : (
        <form
          className={css.line}
          onSubmit={(event) => {
            event.preventDefault()
            event.stopPropagation()
            add(key)
          }}
        >
          {shape.keyPattern?.includes('{4}-') ? (
            <DateInput label={t('addTo', { list: label })} value={key} onChange={setKey} />
          ) : (
            <input className={css.keyInput} type="text" value={key} aria-label={t('addTo', { list: label })} onChange={(event) => setKey(event.currentTarget.value)} />
          )}
          <button type="submit" className={css.add} disabled={key.trim() === ''}>
            <Plus size={13} aria-hidden="true" />
            {t('add')}
          </button>
        </form>
      )}
      <Faults path={path} />
    </div>
  )
}

/** One of several shapes: which, then its editor. */
function EitherEditor({ shape, value, path, label }: Props & { shape: Of<'either'> }) {
  const { language, change } = useEditorWork()
  const { t } = useTranslation('setup')
  const at = shape.options.findIndex((option) => (Array.isArray(value) ? option.kind === 'hours' || option.kind === 'list' : option.kind === 'choice'))
  const present = shape.options[Math.max(at, 0)]
  const choices = shape.options.flatMap((option) => (option.kind === 'choice' ? option.options.map((name) => ({ name, label: inLanguage(option.titles[name], language) || name })) : [{ name: `#${option.kind}`, label: t(`either.${option.kind}`) }]))
  const chosen = present.kind === 'choice' ? String(value ?? '') : `#${present.kind}`
  const pick = (name: string) => change(path, name.startsWith('#') ? [['09:00', '12:00']] : name)
  return (
    <div className={css.line}>
      <PickSelect options={choices} value={chosen} onPick={(name) => name && pick(name)} aria-label={label} />
      {present.kind === 'choice' ? <Faults path={path} within /> : <NodeEditor shape={present} value={value} path={path} label={label} />}
    </div>
  )
}
