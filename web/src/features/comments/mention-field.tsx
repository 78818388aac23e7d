import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { wantedName, withName, type Person } from './mention'
import { useColleagues } from './queries'
import css from './comments.module.css'

interface Props {
  label: string
  text: string
  onText: (text: string) => void
  /** Somebody was taken from the people offered behind an @. */
  onChoose: (person: Person) => void
  onSend: () => void
  onLeave?: () => void
  /** It was opened to be written in. */
  opened?: boolean
}

/** Words to colleagues: an @ offers people by name, pinyin or initials; Ctrl and Enter send. */
export function MentionField({ label, text, onText, onChoose, onSend, onLeave, opened }: Props) {
  const { t } = useTranslation('comments')
  const field = useRef<HTMLTextAreaElement>(null)
  const [wanted, setWanted] = useState<string | undefined>()
  const [at, setAt] = useState(0)
  const people = useColleagues(wanted)
  useEffect(() => {
    if (opened) field.current?.focus()
  }, [opened])
  const look = (area: HTMLTextAreaElement) => {
    onText(area.value)
    setWanted(wantedName(area.value, area.selectionStart))
    setAt(0)
  }
  const choose = (person: Person) => {
    const next = withName(text, field.current?.selectionStart ?? text.length, person.name)
    onText(next.text)
    onChoose(person)
    setWanted(undefined)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(next.caret, next.caret)
    })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return // it may confirm a Chinese word
    if (people.length > 0 && wanted !== undefined) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        setAt((at + (event.key === 'ArrowDown' ? 1 : people.length - 1)) % people.length)
      } else if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault()
        choose(people[Math.min(at, people.length - 1)])
      } else if (event.key === 'Escape') setWanted(undefined)
      return
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend()
    else if (event.key === 'Escape') onLeave?.()
  }
  return (
    <>
      <textarea ref={field} rows={2} aria-label={label} placeholder={t('placeholder')} value={text} onChange={(event) => look(event.currentTarget)} onKeyDown={onKey} />
      {wanted !== undefined && people.length > 0 && (
        <ul className={css.people} aria-label={t('people')}>
          {people.map((person, i) => (
            <li key={person.id}>
              <button type="button" data-here={i === at || undefined} onClick={() => choose(person)}>
                {person.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
