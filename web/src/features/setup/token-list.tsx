import { X } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditorWork } from './editor-context'
import { faultsIn, moved, type Path } from './document'
import { Faults, PickSelect } from './fields'
import { useOptions } from './options'
import { inLanguage, type Shape } from './shape'
import { useFocusNext } from './use-focus-next'
import css from './token.module.css'

interface Props {
  shape: Extract<Shape, { kind: 'list' }>
  value: unknown
  path: Path
  label: string
}

/** Short texts in a row: chosen from what there is, or typed; they move by drag and by Alt with an arrow. */
export function TokenList({ shape, value, path, label }: Props) {
  const work = useEditorWork()
  const { t } = useTranslation('setup')
  const { item } = shape
  const pick = item.kind === 'text' ? item.pick : undefined
  const titles = item.kind === 'choice' || item.kind === 'text' ? (item.titles ?? {}) : {}
  const named = useOptions(work, pick, path)
  const options = [...Object.entries(titles).map(([name, title]) => ({ name, label: inLanguage(title, work.language) })), ...named]
  const texts = (Array.isArray(value) ? value : []) as string[]
  const [dragged, setDragged] = useState<number | null>(null)
  const set = (next: string[]) => work.change(path, next)
  const add = (name: string) => name !== '' && set([...texts, name])
  const { box, focusNext } = useFocusNext<HTMLDivElement>()
  const remove = (at: number) => {
    focusNext(tokenAt(Math.min(at, texts.length - 2)))
    set(texts.toSpliced(at, 1))
  }
  const labelOf = (name: string) => options.find((option) => option.name === name)?.label ?? name
  const keys = (event: KeyboardEvent, at: number) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (event.altKey && step) {
      event.preventDefault()
      focusNext(tokenAt(Math.min(Math.max(at + step, 0), texts.length - 1)))
      set(moved(texts, at, at + step))
    }
  }
  return (
    <div className={css.list}>
      <div ref={box} className={css.tokens} role="group" aria-label={label}>
        {texts.map((name, at) => (
          <span
            // The same word may stand twice while it is typed.
            // oxlint-disable-next-line react/no-array-index-key
            key={`${name} ${at}`}
            className={css.token}
            data-wrong={faultsIn(work.faults, [...path, at]).length > 0 || undefined}
            title={faultsIn(work.faults, [...path, at])[0]?.message}
            draggable
            onDragStart={() => setDragged(at)}
            onDragOver={(event) => event.preventDefault()}
            onDragEnter={() => {
              if (dragged === null || dragged === at) return
              set(moved(texts, dragged, at))
              setDragged(at)
            }}
            onDragEnd={() => setDragged(null)}
          >
            {labelOf(name)}
            <button type="button" aria-label={t('removeItem', { item: labelOf(name) })} title={t('moveHint')} onKeyDown={(event) => keys(event, at)} onClick={() => remove(at)}>
              <X size={13} aria-hidden="true" />
            </button>
          </span>
        ))}
        {options.length > 0 && !pick?.free ? <PickSelect options={options.filter(({ name }) => !texts.includes(name))} value="" onPick={add} placeholder={t('addMore')} aria-label={t('addTo', { list: label })} /> : <Typed label={t('addTo', { list: label })} onAdd={(words) => set([...texts, ...words])} />}
      </div>
      <Faults path={path} within />
    </div>
  )
}

/** The button of the token at a position, else what adds one. */
const tokenAt = (at: number) => (box: HTMLElement) => box.querySelectorAll<HTMLElement>('button')[at] ?? box.querySelector<HTMLElement>('select, input')

/** Words as they are typed or pasted; a comma or Enter ends one. */
export const wordsOf = (text: string) => text.split(/[,，、;；\n\t]+/).map((word) => word.trim()).filter(Boolean)

function Typed({ label, onAdd }: { label: string; onAdd: (words: string[]) => void }) {
  const [text, setText] = useState('')
  const take = (all: string) => {
    const words = wordsOf(all)
    if (words.length > 0) onAdd(words)
    setText('')
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    take(text)
  }
  return (
    <input
      className={css.typed}
      value={text}
      aria-label={label}
      placeholder={label}
      onChange={({ currentTarget }) => (/[,，、;；]$/.test(currentTarget.value) ? take(currentTarget.value) : setText(currentTarget.value))}
      onKeyDown={keys}
      onBlur={() => take(text)}
    />
  )
}
