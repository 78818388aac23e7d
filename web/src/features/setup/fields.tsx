import { useId, useRef, useState, type ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { DateInput } from '@/ui/date-input'
import { ConditionRows } from './condition-rows'
import { useEditorWork } from './editor-context'
import { faultsAt, faultsIn, sentenceOf, type Path } from './document'
import { beside, useFields, useOptions } from './options'
import { inLanguage, type Label, type Shape } from './shape'
import css from './fields.module.css'

type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>

interface Props<K extends Shape['kind']> {
  shape: Of<K>
  value: unknown
  path: Path
  label: string
}

const textOf = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** The sentences about one place, where the eye is; `within` says those about anything in it too. */
export function Faults({ path, id, within = false }: { path: Path; id?: string; within?: boolean }) {
  const { faults } = useEditorWork()
  const { t } = useTranslation('setup')
  const here = within ? faultsIn(faults, path) : faultsAt(faults, path)
  if (here.length === 0) return null
  return (
    <div id={id} className={css.faults} role="alert">
      {here.map((fault) => {
        const { sentence, caret } = sentenceOf(fault.message)
        return (
          <div key={fault.path + fault.code + fault.message}>
            {caret && fault.line ? `${t('place', { line: fault.line, column: fault.column })} ` : ''}
            {sentence}
            {caret && <pre className={css.caret}>{caret}</pre>}
          </div>
        )
      })}
    </div>
  )
}

/** What a control says of the faults at its place. */
function useFault(path: Path) {
  const { faults } = useEditorWork()
  const id = useId()
  const wrong = faultsAt(faults, path).length > 0
  return { id, aria: { 'aria-invalid': wrong || undefined, 'aria-describedby': wrong ? id : undefined } }
}

/** A text in both languages, side by side. */
export function LabelField({ shape, value, path, label }: Props<'label'>) {
  const { change } = useEditorWork()
  const { t } = useTranslation('setup')
  const { id, aria } = useFault(path)
  const texts = (value ?? {}) as Label
  const set = (language: string, text: string) => {
    const { [language]: _, ...others } = texts
    const next = text === '' ? others : { ...others, [language]: text }
    change(path, Object.keys(next).length === 0 && value === undefined ? undefined : next)
  }
  return (
    <div className={css.pair}>
      {['zh-CN', 'en'].map((language) => {
        const props = {
          lang: language,
          'aria-label': t('labelIn', { label, language: t(`languages.${language}`) }),
          placeholder: t(`languages.${language}`),
          value: texts[language] ?? '',
          onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(language, event.currentTarget.value),
          ...aria,
        }
        return shape.long ? <textarea key={language} className={css.area} rows={2} {...props} /> : <input key={language} className={css.input} {...props} />
      })}
      <Faults path={path} id={id} />
    </div>
  )
}

export function TextField({ shape, value, path, label }: Props<'text'>) {
  const work = useEditorWork()
  const options = useOptions(work, shape.pick, path)
  const { id, aria } = useFault(path)
  const set = (text: string) => work.change(path, text === '' ? undefined : text)
  const titles = Object.entries(shape.titles ?? {}).map(([name, title]) => ({ name, label: inLanguage(title, work.language) }))
  const known = [...titles, ...options]
  // What has a title is shown and typed by it.
  const shown = titles.find(({ name }) => name === value)?.label ?? textOf(value)
  const named = (text: string) => titles.find(({ label: title }) => title === text)?.name ?? text
  const shared = { 'aria-label': label, ...aria }
  const closed = shape.pick && !shape.pick.free && known.length > 0
  return (
    <div className={css.one}>
      {closed ? (
        <PickSelect options={known} value={textOf(value)} onPick={set} {...shared} />
      ) : shape.format === 'date' ? (
        <DateInput label={label} value={textOf(value)} onChange={set} {...aria} />
      ) : shape.long ? (
        <textarea className={css.area} rows={2} value={textOf(value)} onChange={(event) => set(event.currentTarget.value)} {...shared} />
      ) : (
        <>
          <input className={css.input} type="text" maxLength={shape.maxLength} list={known.length > 0 ? `${id}-list` : undefined} value={shown} onChange={(event) => set(named(event.currentTarget.value))} {...shared} />
          {known.length > 0 && (
            <datalist id={`${id}-list`}>
              {known.map((option) => (
                <option key={option.name} value={titles.includes(option) ? option.label : option.name}>
                  {option.label}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
      <Faults path={path} id={id} />
    </div>
  )
}

interface SelectProps {
  options: { name: string; label: string }[]
  value: string
  /** What stands there while nothing is chosen. */
  placeholder?: string
  onPick: (name: string) => void
  'aria-label': string
}

/** One of what there is; a name that is gone stays visible until another is chosen. */
export function PickSelect({ options, value, placeholder, onPick, ...rest }: SelectProps) {
  const { t } = useTranslation('setup')
  const gone = value !== '' && !options.some(({ name }) => name === value)
  return (
    <select className={css.input} value={value} onChange={(event) => onPick(event.currentTarget.value)} {...rest}>
      <option value="">{placeholder ?? t('none')}</option>
      {gone && <option value={value}>{value}</option>}
      {options.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  )
}

export function ChoiceField({ shape, value, path, label }: Props<'choice'>) {
  const { language, change } = useEditorWork()
  const { id, aria } = useFault(path)
  const options = shape.options.map((name) => ({ name, label: inLanguage(shape.titles[name], language) || name }))
  return (
    <div className={css.one}>
      <span className={css.swatched}>
        {shape.colors && <span className={css.swatch} data-color={textOf(value)} aria-hidden="true" />}
        <PickSelect options={options.filter(({ name }) => name !== '')} value={textOf(value)} onPick={(name) => change(path, name === '' ? undefined : name)} aria-label={label} {...aria} />
      </span>
      <Faults path={path} id={id} />
    </div>
  )
}

export function NumberField({ shape, value, path, label }: Props<'number'>) {
  const { change } = useEditorWork()
  const { id, aria } = useFault(path)
  return (
    <div className={css.one}>
      <input
        className={css.number}
        type="number"
        inputMode="numeric"
        min={shape.min}
        max={shape.max}
        value={textOf(value)}
        aria-label={label}
        onChange={({ currentTarget }) => change(path, currentTarget.value === '' ? undefined : currentTarget.valueAsNumber)}
        {...aria}
      />
      <Faults path={path} id={id} />
    </div>
  )
}

export function BooleanField({ value, path, label }: Props<'boolean'>) {
  const { change } = useEditorWork()
  const { id, aria } = useFault(path)
  return (
    <div className={css.one}>
      <label className={css.check}>
        <input type="checkbox" checked={value === true} onChange={(event) => change(path, event.currentTarget.checked ? true : undefined)} {...aria} />
        <span>{label}</span>
      </label>
      <Faults path={path} id={id} />
    </div>
  )
}

/** A condition in the expression language, with the fields and choices at hand. */
export function ExpressionField({ value, path, label }: Props<'expression'>) {
  const { change } = useEditorWork()
  return <Expression value={textOf(value)} path={path} label={label} onChange={(text) => change(path, text === '' ? undefined : text)} />
}

interface ExpressionProps {
  value: string
  path: Path
  label: string
  /** Whose fields it is about, where that is not the document's object. */
  object?: string
  onChange: (text: string) => void
}

export function Expression({ value, path, label, object, onChange }: ExpressionProps) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const { id, aria } = useFault(path)
  const area = useRef<HTMLTextAreaElement>(null)
  const [focused, setFocused] = useState(false)
  const fields = useFields(work, object ?? beside(work.body, path, 'object'))
  const insert = (text: string) => {
    const at = area.current?.selectionStart ?? value.length
    const glue = at > 0 && !/[\s(=]$/.test(value.slice(0, at)) ? ' ' : ''
    onChange(value.slice(0, at) + glue + text + value.slice(at))
    area.current?.focus()
  }
  return (
    <div className={css.one} onFocus={() => setFocused(true)}>
      <textarea ref={area} className={css.code} rows={Math.max(1, value.split('\n').length)} spellCheck={false} value={value} aria-label={label} placeholder={t('always')} onChange={(event) => onChange(event.currentTarget.value)} {...aria} />
      <Faults path={path} id={id} />
      <ConditionRows value={value} fields={fields} onChange={onChange}>
        {focused && (
          <select className={css.insert} value="" aria-label={t('insertField')} onChange={(event) => insert(event.currentTarget.value)}>
            <option value="">{t('insertField')}</option>
            {fields.map((field) => (
              <optgroup key={field.name} label={field.label}>
                <option value={field.label}>{field.label}</option>
                {field.choices.map((choice) => (
                  <option key={choice.name} value={`${field.label}=${literal(choice.name)}`}>
                    {field.label}={choice.label}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        )}
      </ConditionRows>
    </div>
  )
}

/** A choice as an expression names it: in quotes where it is no plain word. */
export const literal = (name: string) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

/** What was typed where a text, a number or a yes or no may stand. */
export function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && String(Number(text)) === text ? Number(text) : text
}

/** Anything that the schema leaves open: one value as it is typed, the rest as JSON. */
export function AnyField({ shape, ...rest }: Props<'any'>) {
  return shape.plain ? <PlainField {...rest} /> : <JSONField {...rest} />
}

function PlainField({ value, path, label }: Omit<Props<'any'>, 'shape'>) {
  const { change } = useEditorWork()
  const { id, aria } = useFault(path)
  return (
    <div className={css.one}>
      <input className={css.input} value={textOf(value)} aria-label={label} onChange={(event) => change(path, event.currentTarget.value === '' ? undefined : plainValue(event.currentTarget.value))} {...aria} />
      <Faults path={path} id={id} />
    </div>
  )
}

function JSONField({ value, path, label }: Omit<Props<'any'>, 'shape'>) {
  const { change } = useEditorWork()
  const { t } = useTranslation('setup')
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 1)))
  const [wrong, setWrong] = useState(false)
  const { id, aria } = useFault(path)
  const read = () => {
    try {
      change(path, text.trim() === '' ? undefined : JSON.parse(text))
      setWrong(false)
    } catch {
      setWrong(true)
    }
  }
  return (
    <div className={css.one}>
      <textarea className={css.code} rows={3} spellCheck={false} value={text} aria-label={label} onChange={(event) => setText(event.currentTarget.value)} onBlur={read} {...aria} />
      {wrong && (
        <p className={css.faults} role="alert">
          {t('notJson')}
        </p>
      )}
      <Faults path={path} id={id} />
    </div>
  )
}
