import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { Button } from '@/ui/button'
import { mentioned, wantedName, withName, type Person } from './mention'
import { FollowButton } from './follow-button'
import { useColleagues, useComment } from './queries'
import css from './comments.module.css'

/** A word to colleagues about a record, with @ for those who should hear it, and whether one follows it. */
export function CommentBox({ object, id }: { object: string; id: string }) {
  const { t } = useTranslation('comments')
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<Person[]>([])
  const [wanted, setWanted] = useState<string | undefined>()
  const [at, setAt] = useState(0)
  const people = useColleagues(wanted)
  const comment = useComment(object, id)
  const look = (area: HTMLTextAreaElement) => {
    setText(area.value)
    setWanted(wantedName(area.value, area.selectionStart))
    setAt(0)
  }
  const choose = (person: Person) => {
    const next = withName(text, field.current?.selectionStart ?? text.length, person.name)
    setText(next.text)
    setChosen([...chosen, person])
    setWanted(undefined)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(next.caret, next.caret)
    })
  }
  const send = () => {
    if (text.trim() === '') return
    comment.mutate(
      { text, mentions: mentioned(text, chosen) },
      {
        onSuccess: () => {
          setText('')
          setChosen([])
        },
      },
    )
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
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form className={css.box} onSubmit={submit} aria-label={t('comment')}>
      <textarea ref={field} rows={2} aria-label={t('comment')} placeholder={t('placeholder')} value={text} onChange={(event) => look(event.currentTarget)} onKeyDown={onKey} />
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
      {comment.error && <p role="alert">{(comment.error instanceof Problem && comment.error.errors[0]?.message) || comment.error.message}</p>}
      <div className={css.row}>
        <Button type="submit" size="xs" variant="default" loading={comment.isPending} disabled={text.trim() === ''}>
          {t('send')}
        </Button>
        <FollowButton object={object} id={id} />
      </div>
    </form>
  )
}
