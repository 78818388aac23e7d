import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchPages, type SearchHit } from '@/api/search'
import { foundPhone } from '@/format/phone'
import { Marked } from '@/ui/marked'
import { useRested } from '@/ui/use-rested'
import css from './reference-input.module.css'

/** A record as a reference names it. */
export interface Chosen {
  id: string
  label: string
}

interface Props {
  id?: string
  /** What kind of record is chosen. */
  object: string
  label: string
  value: Chosen | null
  required?: boolean
  'aria-invalid'?: boolean
  'aria-describedby'?: string
  onChange: (chosen: Chosen | null) => void
}

/** How long typing must rest, in milliseconds, before the server is asked. */
const rest = 120
const most = 8

/** Another record, found by a few of its characters; what is typed and not chosen names none. */
export function ReferenceInput({ id, object, label, value, onChange, ...aria }: Props) {
  const { t } = useTranslation('fields')
  const [typed, setTyped] = useState<string | null>(null)
  const [composing, setComposing] = useState(false)
  const [at, setAt] = useState(0)
  const list = useId()
  const words = useRested(typed?.trim() ?? '', rest, composing)
  const found = useSearchPages(words, object)
  const open = typed !== null && typed.trim() !== ''
  const hits = open && words !== '' ? (found.data?.pages[0]?.groups[0]?.items.slice(0, most) ?? []) : []
  const here = Math.min(at, hits.length - 1)
  const choose = ({ id: chosen, title }: SearchHit) => {
    onChange({ id: chosen, label: title.text })
    setTyped(null)
  }
  const type = (text: string) => {
    setTyped(text)
    setAt(0)
    if (text === '') onChange(null)
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !open) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && hits.length > 0) setAt((here + step + hits.length) % hits.length)
    else if (event.key === 'Enter' && hits[here]) choose(hits[here])
    else if (event.key === 'Escape') setTyped(null)
    else if (event.key !== 'Enter') return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span className={css.box}>
      <input
        {...aria}
        id={id}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 ? `${list}-${here}` : undefined}
        autoComplete="off"
        placeholder={t('reference.hint')}
        value={typed ?? value?.label ?? ''}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={() => setTyped(null)}
      />
      {open && (
        <span id={list} className={css.list} role="listbox" aria-label={label}>
          {hits.map((hit, n) => (
            // The input keeps the focus: what is pressed here is chosen before it could leave.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <span key={hit.id} id={`${list}-${n}`} className={css.hit} role="option" tabIndex={-1} aria-selected={n === here} onPointerDown={(event) => event.preventDefault()} onPointerMove={() => setAt(n)} onClick={() => choose(hit)}>
              <span>
                <Marked {...hit.title} />
              </span>
              <small>
                {hit.details.map(foundPhone).map(({ field, text, spans }) => (
                  <Marked key={field} text={text} spans={spans} />
                ))}
              </small>
            </span>
          ))}
          {hits.length === 0 && <span className={css.none}>{found.error?.message ?? t(found.isFetching || words !== typed.trim() ? 'reference.asking' : 'reference.nothing')}</span>}
        </span>
      )}
    </span>
  )
}
